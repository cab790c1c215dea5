#include "decimal_private.h"

#include <math.h>

#include "status_private.h"

/* Bytes of a text that a message shows. */
#define SHOWN 60

#define LARGEST ((nrdi_int128) INT64_MAX)

int64_t
nrdi_power_of_ten(int32_t exponent)
{
    int64_t power = 1;

    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

nrd_status
nrdi_decimal_check(nrd_decimal value, size_t row, nrd_error *err)
{
    if (value.scale < 0 || value.scale > NRD_DECIMAL_MAX_SCALE) {
        return nrdi_fail(err, NRD_E_DOMAIN, row, "the scale is %d, expected 0 to %d",
            (int) value.scale, NRD_DECIMAL_MAX_SCALE);
    }
    return NRD_OK;
}

static int
bit_length(nrdi_uint128 value)
{
    const uint64_t high = (uint64_t) (value >> 64);
    const uint64_t low = (uint64_t) value;

    if (high != 0) {
        return 128 - __builtin_clzll(high);
    }
    return low != 0 ? 64 - __builtin_clzll(low) : 0;
}

/* Long division, one bit a step, until 54 significant bits and a sticky bit are there:
 * one more than a double holds, so that the final conversion rounds once and right. */
double
nrdi_ratio_to_double(nrdi_int128 numerator, nrdi_int128 denominator)
{
    const nrdi_uint128 divisor = (nrdi_uint128) denominator;
    nrdi_uint128 rest = (nrdi_uint128) (numerator < 0 ? -numerator : numerator);
    nrdi_uint128 quotient = rest / divisor;
    int exponent = 0;
    uint64_t bits;
    double magnitude;

    rest %= divisor;
    if (quotient == 0 && rest == 0) {
        return 0.0;
    }
    while (bit_length(quotient) < 55) {
        rest <<= 1;
        quotient = (quotient << 1) | (rest >= divisor);
        rest -= rest >= divisor ? divisor : 0;
        exponent--;
    }
    while (bit_length(quotient) > 55) {
        rest |= quotient & 1;
        quotient >>= 1;
        exponent++;
    }
    bits = (uint64_t) quotient | (rest != 0);
    /* 55 bits with a sticky last one: two guard bits make ties exact. */
    magnitude = ldexp((double) bits, exponent);
    return numerator < 0 ? -magnitude : magnitude;
}

/* Where a number stands in its text while it is read. */
typedef struct {
    const char *at;
    char decimal_mark;
    char group_mark;
    nrdi_int128 unscaled;
    int32_t scale;
} reader;

static int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits one after another, as many as there are; how many is the result. Beyond 19 the
 * number cannot fit and only its length matters, so the value stops growing there. */
static size_t
read_digits(reader *in)
{
    size_t count = 0;

    for (; is_digit(*in->at); in->at++, count++) {
        if (in->unscaled <= LARGEST) {
            in->unscaled = 10 * in->unscaled + (*in->at - '0');
        }
    }
    return count;
}

/* Digits before the decimal mark: ungrouped, or one to three and then groups of three. */
static int
read_whole(reader *in)
{
    size_t count = read_digits(in);

    if (count == 0) {
        return 0;
    }
    if (in->group_mark != '\0' && *in->at == in->group_mark && count > 3) {
        return 0;
    }
    while (in->group_mark != '\0' && *in->at == in->group_mark) {
        in->at++;
        if (read_digits(in) != 3) {
            return 0;
        }
    }
    return 1;
}

static int
read_number(reader *in)
{
    if (!read_whole(in)) {
        return 0;
    }
    if (*in->at == in->decimal_mark) {
        size_t decimals;

        in->at++;
        decimals = read_digits(in);
        if (decimals == 0) {
            return 0;
        }
        in->scale = decimals > INT32_MAX ? INT32_MAX : (int32_t) decimals;
    }
    return *in->at == '\0';
}

static nrd_status
refuse(const reader *in, const char *text, size_t row, nrd_error *err)
{
    if (in->group_mark == '\0') {
        return nrdi_fail(err, NRD_E_PARSE, row,
            "found \"%.*s\", expected a number with '%c' before decimals and no other mark",
            nrdi_cut(text, SHOWN), text, in->decimal_mark);
    }
    return nrdi_fail(err, NRD_E_PARSE, row,
        "found \"%.*s\", expected a number with '%c' before decimals and '%c' between "
        "groups "
        "of three digits",
        nrdi_cut(text, SHOWN), text, in->decimal_mark, in->group_mark);
}

static nrd_status
parse_one(const char *text, size_t row, char decimal_mark, char group_mark,
    nrd_decimal *out, nrd_error *err)
{
    const int negative = *text == '-';
    reader in = {.at = text + (*text == '-' || *text == '+'),
        .decimal_mark = decimal_mark,
        .group_mark = group_mark};

    if (!read_number(&in)) {
        return refuse(&in, text, row, err);
    }
    if (in.scale > NRD_DECIMAL_MAX_SCALE || in.unscaled > LARGEST) {
        return nrdi_fail(err, NRD_E_OVERFLOW, row,
            "found \"%.*s\", expected at most 18 digits, %d of them decimals",
            nrdi_cut(text, SHOWN), text, NRD_DECIMAL_MAX_SCALE);
    }
    if (out != NULL) {
        out->unscaled = (int64_t) (negative ? -in.unscaled : in.unscaled);
        out->scale = in.scale;
    }
    return NRD_OK;
}

/* A mark for a message: what is not printable ASCII would break its UTF-8. */
static char
printable(char mark)
{
    return mark >= ' ' && mark <= '~' ? mark : '?';
}

static nrd_status
check_marks(char decimal_mark, char group_mark, nrd_error *err)
{
    if (decimal_mark != '.' && decimal_mark != ',') {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the decimal mark is '%c', expected '.' or ','", printable(decimal_mark));
    }
    if (group_mark != '\0' && group_mark != '.' && group_mark != ',' && group_mark != ' ') {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the group mark is '%c', expected '.', ',', a space or none",
            printable(group_mark));
    }
    if (group_mark == decimal_mark) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the decimal mark and the group mark are both '%c'", group_mark);
    }
    return NRD_OK;
}

nrd_status
nrd_decimal_parse(const char *const *texts, size_t n, char decimal_mark, char group_mark,
    nrd_decimal *out, nrd_error *err)
{
    if (n > 0 && (texts == NULL || out == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(check_marks(decimal_mark, group_mark, err));
    for (size_t i = 0; i < n; i++) {
        if (texts[i] == NULL) {
            return nrdi_fail(err, NRD_E_NULL, i, "the text is NULL");
        }
        NRDI_TRY(parse_one(texts[i], i, decimal_mark, group_mark, NULL, err));
    }
    /* Reading twice keeps the promise that a failure writes nothing. */
    for (size_t i = 0; i < n; i++) {
        NRDI_TRY(parse_one(texts[i], i, decimal_mark, group_mark, &out[i], err));
    }
    return NRD_OK;
}

int32_t
nrdi_decimal_scale(const nrd_decimal *values, size_t n)
{
    int32_t scale = 0;

    for (size_t i = 0; i < n; i++) {
        scale = values[i].scale > scale ? values[i].scale : scale;
    }
    return scale;
}

nrdi_int128
nrdi_decimal_units(nrd_decimal value, int32_t scale)
{
    return (nrdi_int128) value.unscaled * nrdi_power_of_ten(scale - value.scale);
}

int
nrdi_decimal_from_units(nrdi_int128 units, int32_t scale, nrd_decimal *out)
{
    if (units > LARGEST || units < -LARGEST) {
        return 0;
    }
    out->unscaled = (int64_t) units;
    out->scale = scale;
    return 1;
}

nrd_status
nrd_decimal_sum(const nrd_decimal *values, size_t n, nrd_decimal *out, nrd_error *err)
{
    nrdi_int128 sum = 0;
    int32_t scale;

    if ((n > 0 && values == NULL) || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    for (size_t i = 0; i < n; i++) {
        NRDI_TRY(nrdi_decimal_check(values[i], i, err));
    }
    scale = nrdi_decimal_scale(values, n);
    for (size_t i = 0; i < n; i++) {
        sum += nrdi_decimal_units(values[i], scale);
    }
    if (!nrdi_decimal_from_units(sum, scale, out)) {
        return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
            "the sum of %zu numbers does not fit 63 bits at %d decimals", n, (int) scale);
    }
    return NRD_OK;
}

int
nrd_decimal_compare(nrd_decimal a, nrd_decimal b)
{
    const nrdi_int128 left = (nrdi_int128) a.unscaled * nrdi_power_of_ten(b.scale);
    const nrdi_int128 right = (nrdi_int128) b.unscaled * nrdi_power_of_ten(a.scale);

    return (left > right) - (left < right);
}

double
nrd_decimal_to_double(nrd_decimal value)
{
    return nrdi_ratio_to_double(value.unscaled, nrdi_power_of_ten(value.scale));
}

nrd_status
nrd_decimal_ratio(nrd_decimal numerator, nrd_decimal denominator, int32_t factor,
    double *out, nrd_error *err)
{
    nrdi_int128 above, below;

    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    NRDI_TRY(nrdi_decimal_check(numerator, NRD_NO_ROW, err));
    NRDI_TRY(nrdi_decimal_check(denominator, NRD_NO_ROW, err));
    if (denominator.unscaled == 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the denominator is 0");
    }
    if (factor < 1 || factor > 1000) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the factor is %d, expected 1 to 1000", (int) factor);
    }
    above =
        (nrdi_int128) numerator.unscaled * factor * nrdi_power_of_ten(denominator.scale);
    below = (nrdi_int128) denominator.unscaled * nrdi_power_of_ten(numerator.scale);
    *out = below > 0 ? nrdi_ratio_to_double(above, below)
                     : nrdi_ratio_to_double(-above, -below);
    return NRD_OK;
}
