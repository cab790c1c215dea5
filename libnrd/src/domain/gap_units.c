/* Measured values and levels as whole numbers of a decimal unit: distances without error.
 */

#include "gap_private.h"

#include <math.h>

#include "assess_private.h"
#include "criteria_private.h"
#include "status_private.h"

#define SCALE_MAX 18

/* Doubles are sure to hold 15 digits: a whole number below is one of them. */
#define DIGITS_MAX 1e15

/* 2^94, so that differences stay below 2^95. */
#define UNITS_MAX 19807040628566084398385987584.0

static const double power_of_ten[SCALE_MAX + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

/* Whether a double is the one nearest to a decimal of so many places and 15 digits. */
static bool
has_decimals(double value, int32_t scale)
{
    const double units = rint(value * power_of_ten[scale]);

    return fabs(units) < DIGITS_MAX && units / power_of_ten[scale] == value;
}

static int32_t
find_decimals(double value)
{
    int32_t scale = 0;

    while (scale <= SCALE_MAX && !has_decimals(value, scale)) {
        scale++;
    }
    return scale;
}

/* Places of a value that is taken as a decimal of 15 digits; more than SCALE_MAX where it
 * has more. */
static int32_t
count_decimals(double value)
{
    const int32_t scale = find_decimals(value);

    return scale <= SCALE_MAX ? scale : find_decimals(nrdi_assess_decimal(value));
}

/* A value that has at most `scale` places, in units of 10^-scale. A product is only
 * trusted where it leads back: rounding it may take the wrong side of a tie. */
static nrdi_int128
units_of(double value, int32_t scale)
{
    const double quick = rint(value * power_of_ten[scale]);
    double decimal;
    int32_t own;

    if (fabs(quick) < DIGITS_MAX && quick / power_of_ten[scale] == value) {
        return (nrdi_int128) quick;
    }
    decimal = nrdi_assess_decimal(value);
    own = find_decimals(decimal);
    return (nrdi_int128) rint(decimal * power_of_ten[own]) * nrdi_power_of_ten(scale - own);
}

static nrd_status
fail_digits(const nrdi_gap_item *item, double value, size_t row, nrd_error *err)
{
    return nrdi_fail(err, NRD_E_OVERFLOW, row,
        "indicator %s is %.15g, expected at most %d decimals, and 28 digits in the "
        "smallest decimal of the indicator: round the values",
        item->about->indicator, value, SCALE_MAX);
}

/* Let the scale hold one more value. */
static nrd_status
widen(nrdi_gap_item *item, double value, size_t row, nrd_error *err)
{
    if (fabs(value) > item->largest) {
        item->largest = fabs(value);
        item->largest_row = row;
    }
    if (!has_decimals(value, item->scale)) {
        const int32_t own = count_decimals(value);

        if (own > SCALE_MAX) {
            return fail_digits(item, value, row, err);
        }
        item->scale = own > item->scale ? own : item->scale;
    }
    return NRD_OK;
}

static nrd_status
read_levels(nrdi_gap_item *item, size_t j, nrd_error *err)
{
    nrdi_gap_level *out = item->levels;
    nrd_level level;

    for (size_t k = 0; k < item->in->n_days; k++) {
        for (int32_t p = -1; p < (int32_t) item->set->place_count; p++) {
            NRDI_TRY(
                nrd_criteria_level_on(item->set, j, p, item->in->days[k], &level, err));
            out->limit = level.kind == NRD_LEVEL_KIND_NUMBER ? level.value
                         : level.kind == NRD_LEVEL_KIND_MET  ? 1.0
                                                             : (double) NAN;
            out++;
        }
    }
    return NRD_OK;
}

/* An unmet item has a value and a level, or follows from the criteria. */
static bool
is_founded(const nrdi_gap_item *item, size_t row)
{
    if (item->about->refers == NRD_REFERS_CRITERIA) {
        return true;
    }
    return item->values != NULL && isfinite(item->values[row]) &&
           isfinite(
               item->levels[nrdi_gap_place(item->in, item->set->place_count, row)].limit);
}

static nrd_status
read_rows(nrdi_gap_item *item, nrd_error *err)
{
    for (size_t i = 0; i < item->in->rows; i++) {
        const int8_t decision = item->decisions[i];

        if (decision < NRD_DECISION_UNKNOWN || decision > NRD_DECISION_NOT_ASKED) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the decision on indicator %s is %d, expected one from -1 to 3",
                item->about->indicator, (int) decision);
        }
        if (!nrdi_gap_is_unmet(decision)) {
            continue;
        }
        if (!is_founded(item, i)) {
            return nrdi_fail(err, NRD_E_CONFLICT, i,
                "indicator %s is unmet, expected a value and a level",
                item->about->indicator);
        }
        if (item->values != NULL) {
            NRDI_TRY(widen(item, item->values[i], i, err));
        }
    }
    return NRD_OK;
}

static size_t
count_levels(const nrdi_gap_item *item)
{
    return item->in->n_days * (item->set->place_count + 1);
}

/* Look at item j with its levels, which stand as they are. */
static nrd_status
turn(nrdi_gap_item *item, size_t j, const int8_t *decisions, nrd_error *err)
{
    item->about = &item->set->items[j].about;
    item->decisions = decisions + j * item->in->rows;
    item->values = item->about->refers == NRD_REFERS_CRITERIA ? NULL : item->in->values[j];
    return read_levels(item, j, err);
}

/* Check an item and find its scale. */
static nrd_status
check_item(nrdi_gap_item *item, size_t j, const int8_t *decisions, nrd_error *err)
{
    NRDI_TRY(turn(item, j, decisions, err));
    item->scale = 0;
    item->largest = 0.0;
    item->largest_row = NRD_NO_ROW;
    for (size_t k = 0; k < count_levels(item); k++) {
        if (!isnan(item->levels[k].limit)) {
            NRDI_TRY(widen(item, item->levels[k].limit, NRD_NO_ROW, err));
        }
    }
    NRDI_TRY(read_rows(item, err));
    if (item->largest * power_of_ten[item->scale] >= UNITS_MAX) {
        return fail_digits(item, item->largest, item->largest_row, err);
    }
    item->scales[j] = item->scale;
    return NRD_OK;
}

nrd_status
nrdi_gap_open(const nrd_criteria *set, const nrd_measurements *in, const int8_t *decisions,
    nrdi_gap_item *out, nrd_error *err)
{
    const size_t places = set->place_count + 1;

    NRDI_TRY(nrdi_assess_check_input(set, in, err));
    *out = (nrdi_gap_item){.set = set, .in = in};
    out->levels = in->n_days <= INT32_MAX / places
                      ? nrdi_malloc(in->n_days * places, sizeof *out->levels)
                      : NULL;
    out->scales = nrdi_malloc(set->item_count, sizeof *out->scales);
    if (out->levels == NULL || out->scales == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the levels");
    }
    for (size_t j = 0; j < set->item_count; j++) {
        NRDI_TRY(check_item(out, j, decisions, err));
    }
    return NRD_OK;
}

void
nrdi_gap_close(nrdi_gap_item *item)
{
    nrdi_free(item->scales);
    nrdi_free(item->levels);
}

nrd_status
nrdi_gap_read(nrdi_gap_item *item, size_t j, const int8_t *decisions, nrd_error *err)
{
    NRDI_TRY(turn(item, j, decisions, err));
    item->scale = item->scales[j];
    for (size_t k = 0; k < count_levels(item); k++) {
        if (!isnan(item->levels[k].limit)) {
            item->levels[k].units = units_of(item->levels[k].limit, item->scale);
        }
    }
    return NRD_OK;
}

nrdi_int128
nrdi_gap_distance(const nrdi_gap_item *item, size_t row, nrdi_int128 level)
{
    const nrdi_int128 value =
        item->values != NULL ? units_of(item->values[row], item->scale) : 0;
    const nrdi_int128 distance =
        item->about->rule == NRD_RULE_LE ? value - level : level - value;

    return distance > 0 ? distance : 0;
}
