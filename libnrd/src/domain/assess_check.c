/* Measured values that a criteria set can be held against, and those that cannot be. */

#include "assess_private.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "criteria_private.h"

static void
describe_possible(const nrd_item *item, char *out, size_t size)
{
    const char *kind = item->is_whole ? "whole number" : "number";

    if (item->rule == NRD_RULE_MET) {
        (void) snprintf(out, size, "1 or 0");
    } else if (isinf(item->low)) {
        (void) snprintf(out, size, "a %s up to %.15g", kind, item->high);
    } else if (isinf(item->high)) {
        (void) snprintf(out, size, "a %s of at least %.15g", kind, item->low);
    } else {
        (void) snprintf(out, size, "a %s from %.15g to %.15g", kind, item->low, item->high);
    }
}

static nrd_status
fail_value(const nrd_item *item, double value, size_t row, nrd_error *err)
{
    const bool is_state = item->rule == NRD_RULE_MET;
    char possible[80];

    if (value == (double) INFINITY) {
        return nrdi_fail(err, NRD_E_DOMAIN, row,
            "indicator %s is said not to apply, but it is asked of every unit",
            item->indicator);
    }
    describe_possible(item, possible, sizeof possible);
    return nrdi_fail(err, NRD_E_DOMAIN, row, "indicator %s%s%s is %.15g%s%s, expected %s",
        item->indicator, item->part != NULL ? "/" : "",
        item->part != NULL ? item->part : "", value, is_state ? "" : " ",
        is_state ? "" : item->unit, possible);
}

static bool
is_possible(const nrd_item *item, double low, double high, double v)
{
    if (v != v || (item->is_optional && v == (double) INFINITY)) {
        return true;
    }
    return v >= low && v <= high && !(item->is_whole && v != floor(v));
}

/* Whether any value needs a second look; a loop without branches. */
static bool
is_any_odd(const double *values, size_t n, double low, double high)
{
    int odd = 0;

    for (size_t i = 0; i < n; i++) {
        odd |= (values[i] < low) | (values[i] > high);
    }
    return odd != 0;
}

static nrd_status
check_values(const nrd_item *item, const double *values, size_t rows, nrd_error *err)
{
    const double low = fmax(nrdi_assess_least(item->low), -DBL_MAX);
    const double high = fmin(-nrdi_assess_least(-item->high), DBL_MAX);

    if (!item->is_whole && !is_any_odd(values, rows, low, high)) {
        return NRD_OK;
    }
    for (size_t i = 0; i < rows; i++) {
        if (!is_possible(item, low, high, values[i])) {
            return fail_value(item, values[i], i, err);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_assess_check(
    const nrd_criteria *set, size_t item, const double *values, size_t rows, nrd_error *err)
{
    if (set == NULL || values == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "set or values is NULL");
    }
    if (item >= set->item_count) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found item index %zu, expected one below %zu", item, set->item_count);
    }
    return check_values(&set->items[item].about, values, rows, err);
}

static nrd_status
check_rows(const nrd_criteria *set, const nrd_measurements *in, nrd_error *err)
{
    for (size_t i = 0; i < in->rows; i++) {
        if (in->when[i] < 0 || (size_t) in->when[i] >= in->n_days) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "found day index %" PRId32 ", expected one below %zu", in->when[i],
                in->n_days);
        }
        if (in->place[i] < -1 ||
            (in->place[i] >= 0 && (size_t) in->place[i] >= set->place_count)) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "found place index %" PRId32 ", expected -1 or one below %zu", in->place[i],
                set->place_count);
        }
    }
    return NRD_OK;
}

static bool
is_same_choice(const nrd_criteria *set, size_t a, size_t b)
{
    const char *choice = set->items[a].about.one_of;
    const char *other = set->items[b].about.one_of;

    return choice != NULL && other != NULL && strcmp(choice, other) == 0 &&
           set->items[a].indicator == set->items[b].indicator;
}

/* Of a choice one part applies: not two, and not none. The items of a choice are seen from
 * its last one. */
static nrd_status
check_choice(
    const nrd_criteria *set, const nrd_measurements *in, size_t last, nrd_error *err)
{
    const nrd_item *item = &set->items[last].about;

    for (size_t i = 0; i < in->rows; i++) {
        size_t some = 0;
        size_t none = 0;
        size_t all = 0;

        for (size_t j = 0; j <= last; j++) {
            if (is_same_choice(set, j, last)) {
                const double v = in->values[j] != NULL ? in->values[j][i] : (double) NAN;

                all++;
                some += isfinite(v) ? 1 : 0;
                none += isinf(v) ? 1 : 0;
            }
        }
        if (some > 1 || none == all) {
            return nrdi_fail(err, NRD_E_CONFLICT, i,
                "%s of the parts of indicator %s named %s applies, expected one",
                some > 1 ? "more than one" : "none", item->indicator, item->one_of);
        }
    }
    return NRD_OK;
}

static nrd_status
check_choices(const nrd_criteria *set, const nrd_measurements *in, nrd_error *err)
{
    for (size_t j = 0; j < set->item_count; j++) {
        size_t next = j + 1;

        while (next < set->item_count && !is_same_choice(set, j, next)) {
            next++;
        }
        if (set->items[j].about.one_of != NULL && next == set->item_count) {
            NRDI_TRY(check_choice(set, in, j, err));
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_assess_check_input(const nrd_criteria *set, const nrd_measurements *in, nrd_error *err)
{
    NRDI_TRY(check_rows(set, in, err));
    for (size_t k = 0; k < in->n_days; k++) {
        const int32_t year = in->days[k] / 10000;

        if (year < set->first_year || year > set->last_year) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "found the year %" PRId32 ", expected one of %s", year, set->period);
        }
    }
    for (size_t j = 0; j < set->item_count; j++) {
        if (in->tolerance != NULL && !(in->tolerance[j] >= 0.0)) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "the tolerance of indicator %s is %g, expected 0 or more",
                set->items[j].about.indicator, in->tolerance[j]);
        }
        if (in->values[j] != NULL) {
            NRDI_TRY(check_values(&set->items[j].about, in->values[j], in->rows, err));
        }
    }
    return check_choices(set, in, err);
}
