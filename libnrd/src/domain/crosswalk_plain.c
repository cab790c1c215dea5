/* All periods of a target at once, where doubles hold the sums as they are. */

#include "crosswalk_private.h"

#include <math.h>
#include <string.h>

/* Which shares a target has. */
typedef struct {
    int unknown;
    int fraction;
} kinds;

static kinds
kinds_of(const nrd_crosswalk *links, size_t target)
{
    kinds out = {0, 0};

    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        out.unknown |= isnan(links->share[i]) != 0;
        out.fraction |= links->share[i] < 1.0;
    }
    return out;
}

/* Parts of unknown share add what they have below 0 to the least sum and what they have
 * above it to the greatest; a NaN goes to both. */
static void
add_unknown(const double *value, size_t n, double *low, double *high)
{
    for (size_t p = 0; p < n; p++) {
        low[p] += value[p] > 0.0 ? 0.0 : value[p];
        high[p] += value[p] < 0.0 ? 0.0 : value[p];
    }
}

/* The share of a part in units of 2^-63; what is NaN makes the sum NaN. */
static void
add_fraction(double share, const double *value, size_t n, double *sum, nrdi_int128 *wide)
{
    const nrdi_int128 fixed = nrdi_harmonise_fixed(share);

    for (size_t p = 0; p < n; p++) {
        if (isnan(value[p])) {
            sum[p] = value[p];
        } else {
            wide[p] += fixed * (int64_t) value[p];
        }
    }
}

/* Both sums of whole units and of units of 2^-63 as one, to the nearest double. */
static void
join(double *sum, const nrdi_int128 *wide, size_t n)
{
    for (size_t p = 0; p < n; p++) {
        if (!isnan(sum[p])) {
            const nrdi_int128 all =
                (nrdi_int128) (int64_t) sum[p] * ((nrdi_int128) 1 << 63) + wide[p];

            sum[p] = (double) all * 0x1p-63;
        }
    }
}

/* Parts of a share that is known and less than all, or unknown. */
static void
add_others(const nrdi_harmonising *in, const nrdi_harmonise_column *column, size_t target,
    nrdi_harmonise_scratch *scratch)
{
    const nrd_crosswalk *links = in->links;
    const size_t n = in->panel->periods;

    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        const double *value;

        if (links->share[i] == 1.0) {
            continue;
        }
        value = nrdi_harmonise_row(in, column, links->source[i], scratch->value);
        if (isnan(links->share[i])) {
            add_unknown(value, n, scratch->sum[0], scratch->sum[1]);
        } else {
            add_fraction(links->share[i], value, n, scratch->sum[0], scratch->fraction);
        }
    }
}

/* Ask for the rows that the next target will need. */
static void
fetch_target(const nrdi_harmonising *in, const nrdi_harmonise_column *column, size_t target)
{
    const nrd_crosswalk *links = in->links;

    if (target < links->targets) {
        for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
            const int32_t run = in->run[links->source[i]];

            for (size_t k = 0; run >= 0 && k < in->padded; k += NRDI_LANES) {
                __builtin_prefetch(column->values + (size_t) run + k);
            }
        }
    }
}

/* The sum of the whole parts of a target. */
static void
add_whole(const nrdi_harmonising *in, const nrdi_harmonise_column *column, size_t target,
    double *held, double *sum)
{
    const nrd_crosswalk *links = in->links;
    nrdi_adding whole;

    fetch_target(in, column, target + 1);
    nrdi_adding_begin(&whole, in->kernels, sum, in->padded, column->unit);
    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        if (links->share[i] == 1.0) {
            nrdi_harmonise_add(in, column, links->source[i], held, &whole);
        }
    }
    nrdi_adding_flush(&whole);
}

static int
sums(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_harmonise_scratch *scratch, double *low, double *high)
{
    const nrdi_harmonise_column *column = &in->columns[rule->is.column];
    const size_t n = in->panel->periods;
    const kinds has = kinds_of(in->links, target);
    double *sum = scratch->sum[0], *most = scratch->sum[0];

    if (has.unknown && has.fraction) {
        return 0;
    }
    add_whole(in, column, target, scratch->value, sum);
    if (has.unknown) {
        most = scratch->sum[1];
        memcpy(most, sum, n * sizeof *sum);
        add_others(in, column, target, scratch);
    } else if (has.fraction) {
        memset(scratch->fraction, 0, n * sizeof *scratch->fraction);
        add_others(in, column, target, scratch);
        join(sum, scratch->fraction, n);
    }
    memcpy(low, sum, n * sizeof *low);
    if (high != NULL) {
        memcpy(high, most, n * sizeof *high);
    }
    return 1;
}

/* The sum of the products of two columns over the parts of a target. */
static void
add_products(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_harmonise_scratch *scratch, double *sum)
{
    const nrd_crosswalk *links = in->links;
    const nrdi_harmonise_column *column = &in->columns[rule->is.column];
    const nrdi_harmonise_column *other = &in->columns[rule->is.other];

    memset(sum, 0, in->padded * sizeof *sum);
    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        const double *a = nrdi_harmonise_row(in, column, links->source[i], scratch->value);
        const double *b = nrdi_harmonise_row(in, other, links->source[i], scratch->other);

        for (size_t p = 0; p < in->panel->periods; p++) {
            sum[p] += a[p] * b[p];
        }
    }
}

/* Quotients of targets with shares: numerators and denominators in units of 2^-63. */
static void
divide_fractions(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_harmonise_scratch *scratch, double *out)
{
    const nrd_crosswalk *links = in->links;
    const size_t n = in->panel->periods;
    const int mean = rule->is.kind == NRD_HARMONISE_MEAN;
    nrdi_int128 *above = scratch->fraction, *below = scratch->fraction + in->padded;

    memset(above, 0, 2 * in->padded * sizeof *above);
    memset(out, 0, n * sizeof *out);
    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        const nrdi_int128 share = nrdi_harmonise_fixed(links->share[i]);
        const double *a = nrdi_harmonise_row(
            in, &in->columns[rule->is.column], links->source[i], scratch->value);
        const double *b = nrdi_harmonise_row(
            in, &in->columns[rule->is.other], links->source[i], scratch->other);

        for (size_t p = 0; p < n; p++) {
            const double part = (mean ? a[p] * b[p] : a[p]) * rule->is.above;
            const double whole = b[p] * rule->is.below;

            if (isnan(part + whole)) {
                out[p] = (double) NAN;
            } else {
                above[p] += share * (int64_t) part;
                below[p] += share * (int64_t) whole;
            }
        }
    }
    for (size_t p = 0; p < n; p++) {
        out[p] += (double) above[p] / (double) below[p];
    }
}

static int
quotients(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_harmonise_scratch *scratch, double *low, double *high)
{
    const size_t n = in->panel->periods;
    const kinds has = kinds_of(in->links, target);
    double *above = scratch->sum[0], *below = scratch->sum[1];

    if (has.unknown) {
        return 0;
    }
    if (has.fraction) {
        divide_fractions(in, rule, target, scratch, low);
    } else {
        if (rule->is.kind == NRD_HARMONISE_MEAN) {
            add_products(in, rule, target, scratch, above);
        } else {
            add_whole(in, &in->columns[rule->is.column], target, scratch->value, above);
        }
        add_whole(in, &in->columns[rule->is.other], target, scratch->value, below);
        for (size_t p = 0; p < n; p++) { /* 0 / 0 is NaN, and no other number is over 0 */
            low[p] = above[p] * rule->is.above / (below[p] * rule->is.below);
        }
    }
    if (high != NULL) {
        memcpy(high, low, n * sizeof *high);
    }
    return 1;
}

/* ALL holds for certain where all parts are met, ANY where one is; neither can hold where
 * one part, or all, are not. */
static int
states(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_harmonise_scratch *scratch, double *low, double *high)
{
    const nrd_crosswalk *links = in->links;
    const size_t n = in->panel->periods;
    const size_t parts = links->start[target + 1] - links->start[target];
    const double enough = rule->is.kind == NRD_HARMONISE_ANY ? 1.0 : (double) parts;
    double *met = scratch->sum[0], *unmet = scratch->sum[1];

    memset(met, 0, n * sizeof *met);
    memset(unmet, 0, n * sizeof *unmet);
    for (size_t i = links->start[target]; i < links->start[target + 1]; i++) {
        const double *value = nrdi_harmonise_row(
            in, &in->columns[rule->is.column], links->source[i], scratch->value);

        for (size_t p = 0; p < n; p++) { /* no branch: states are at random */
            met[p] += value[p] == 1.0;
            unmet[p] += value[p] == 0.0;
        }
    }
    for (size_t p = 0; p < n; p++) {
        low[p] = met[p] >= enough;
        high[p] = (double) parts - unmet[p] >= enough;
    }
    return 1;
}

int
nrdi_harmonise_periods(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule,
    size_t target, nrdi_harmonise_scratch *scratch, double *low, double *high)
{
    switch (rule->is.kind) {
    case NRD_HARMONISE_SUM:
        return rule->whole && sums(in, rule, target, scratch, low, high);
    case NRD_HARMONISE_MEAN:
    case NRD_HARMONISE_RATE:
        return rule->whole && quotients(in, rule, target, scratch, low, high);
    case NRD_HARMONISE_ALL:
    case NRD_HARMONISE_ANY: return states(in, rule, target, scratch, low, high);
    case NRD_HARMONISE_SHARE: break;
    }
    return 0;
}
