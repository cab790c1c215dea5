#include <nrd/resource.h>

#include <inttypes.h>

#include "decimal_private.h"
#include "status_private.h"

static nrd_status
check_amounts(const int32_t *content, const int32_t *source, const nrd_decimal *amount,
    size_t n, size_t contents, size_t sources, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (content[i] < 0 || (size_t) content[i] >= contents) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "the content index is %" PRId32 ", expected 0 to %zu less 1", content[i],
                contents);
        }
        if (source[i] < 0 || (size_t) source[i] >= sources) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "the source index is %" PRId32 ", expected 0 to %zu less 1", source[i],
                sources);
        }
        NRDI_TRY(nrdi_decimal_check(amount[i], i, err));
    }
    return NRD_OK;
}

static nrd_status
check_duplicates(const int32_t *content, const int32_t *source, size_t n, size_t contents,
    size_t sources, nrd_error *err)
{
    uint8_t *given = sources == 0 || contents <= SIZE_MAX / sources
                         ? nrdi_malloc(contents * sources, sizeof *given)
                         : NULL;
    nrd_status status = NRD_OK;

    if (given == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %zu contents x %zu sources", contents, sources);
    }
    for (size_t i = 0; i < n && status == NRD_OK; i++) {
        uint8_t *cell = &given[(size_t) content[i] * sources + (size_t) source[i]];

        if (*cell) {
            status = nrdi_fail(err, NRD_E_DUPLICATE, i,
                "content %" PRId32 " and source %" PRId32 " are given twice", content[i],
                source[i]);
        }
        *cell = 1;
    }
    nrdi_free(given);
    return status;
}

static nrd_status
check_sums(const nrdi_int128 *sums, size_t n, int32_t scale, nrd_error *err)
{
    nrd_decimal sum;

    for (size_t i = 0; i < n; i++) {
        if (!nrdi_decimal_from_units(sums[i], scale, &sum)) {
            return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
                "a margin does not fit 63 bits at %d decimals", (int) scale);
        }
    }
    return NRD_OK;
}

static void
write_sums(const nrdi_int128 *sums, size_t n, int32_t scale, nrd_decimal *out)
{
    for (size_t i = 0; i < n; i++) {
        (void) nrdi_decimal_from_units(sums[i], scale, &out[i]);
    }
}

/* One pass over the amounts: 128-bit sums of the contents, then of the sources, then all.
 */
static int32_t
add_amounts(const int32_t *content, const int32_t *source, const nrd_decimal *amount,
    size_t n, size_t contents, size_t sources, nrdi_int128 *sums)
{
    const int32_t scale = nrdi_decimal_scale(amount, n);

    for (size_t i = 0; i < n; i++) {
        const nrdi_int128 value = nrdi_decimal_units(amount[i], scale);

        sums[content[i]] += value;
        sums[contents + (size_t) source[i]] += value;
        sums[contents + sources] += value;
    }
    return scale;
}

nrd_status
nrd_resource_margins(const int32_t *content, const int32_t *source,
    const nrd_decimal *amount, size_t n, size_t contents, size_t sources,
    nrd_decimal *content_out, nrd_decimal *source_out, nrd_decimal *total_out,
    nrd_error *err)
{
    nrdi_int128 *sums;
    nrd_status status;
    int32_t scale;

    if (content == NULL || source == NULL || amount == NULL || content_out == NULL ||
        source_out == NULL || total_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(check_amounts(content, source, amount, n, contents, sources, err));
    NRDI_TRY(check_duplicates(content, source, n, contents, sources, err));
    sums = nrdi_malloc(contents + sources + 1, sizeof *sums);
    if (sums == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the margins");
    }
    scale = add_amounts(content, source, amount, n, contents, sources, sums);
    status = check_sums(sums, contents + sources + 1, scale, err);
    if (status == NRD_OK) {
        write_sums(sums, contents, scale, content_out);
        write_sums(sums + contents, sources, scale, source_out);
        write_sums(sums + contents + sources, 1, scale, total_out);
    }
    nrdi_free(sums);
    return status;
}

/* numerator / denominator (> 0) cut off to a whole number, toward zero, or rounded to one,
 * half away from zero. */
static nrdi_int128
whole(nrdi_int128 numerator, nrdi_int128 denominator, int rounded)
{
    const nrdi_int128 cut = numerator / denominator;
    const nrdi_int128 rest = numerator % denominator;
    const nrdi_int128 size = rest < 0 ? -rest : rest;

    if (!rounded || size < denominator - size) {
        return cut;
    }
    return cut + (numerator < 0 ? -1 : 1);
}

/* a * b where it stays below 2^125 in size, so that a difference of two still fits. */
static int
multiply(nrdi_int128 a, nrdi_int128 b, nrdi_int128 *out)
{
    const nrdi_int128 limit = (nrdi_int128) 1 << 125;

    return !__builtin_mul_overflow(a, b, out) && *out < limit && *out > -limit;
}

/* The stated number against numerator / denominator (> 0), both in units of the last
 * printed decimal, over the common denominator. */
static nrd_status
judge(nrd_decimal stated, nrdi_int128 numerator, nrdi_int128 denominator, nrd_check *out,
    nrd_error *err)
{
    const nrdi_int128 one = nrdi_power_of_ten(stated.scale);
    nrdi_int128 scaled, claimed, below;

    if (!multiply(numerator, one, &scaled) ||
        !multiply(stated.unscaled, denominator, &claimed) ||
        !multiply(denominator, one, &below)) {
        return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
            "the numbers have too many digits to be compared exactly in 128 bits");
    }
    if (scaled == claimed) {
        out->verdict = NRD_VERDICT_EQUAL;
    } else if (whole(scaled, denominator, 1) == stated.unscaled) {
        out->verdict = NRD_VERDICT_ROUNDED;
    } else if (whole(scaled, denominator, 0) == stated.unscaled) {
        out->verdict = NRD_VERDICT_TRUNCATED;
    } else {
        out->verdict = NRD_VERDICT_DIFFERENT;
    }
    out->stated = nrd_decimal_to_double(stated);
    out->computed = nrdi_ratio_to_double(numerator, denominator);
    out->difference = nrdi_ratio_to_double(claimed - scaled, below);
    return NRD_OK;
}

nrd_status
nrd_reconcile_sum(
    nrd_decimal stated, const nrd_decimal *parts, size_t n, nrd_check *out, nrd_error *err)
{
    nrd_decimal sum;

    if (parts == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the parts or the output are NULL");
    }
    if (n == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "there are no parts, expected one or more");
    }
    NRDI_TRY(nrdi_decimal_check(stated, NRD_NO_ROW, err));
    NRDI_TRY(nrd_decimal_sum(parts, n, &sum, err));
    return judge(stated, sum.unscaled, nrdi_power_of_ten(sum.scale), out, err);
}

nrd_status
nrd_reconcile_ratio(nrd_decimal stated, nrd_decimal numerator, nrd_decimal denominator,
    int32_t factor, nrd_check *out, nrd_error *err)
{
    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    NRDI_TRY(nrdi_decimal_check(stated, NRD_NO_ROW, err));
    NRDI_TRY(nrdi_decimal_check(numerator, NRD_NO_ROW, err));
    NRDI_TRY(nrdi_decimal_check(denominator, NRD_NO_ROW, err));
    if (denominator.unscaled <= 0) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the denominator is %" PRId64 ", expected more than 0", denominator.unscaled);
    }
    if (factor < 1 || factor > 1000) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the factor is %d, expected 1 to 1000", (int) factor);
    }
    return judge(stated,
        (nrdi_int128) numerator.unscaled * factor * nrdi_power_of_ten(denominator.scale),
        (nrdi_int128) denominator.unscaled * nrdi_power_of_ten(numerator.scale), out, err);
}
