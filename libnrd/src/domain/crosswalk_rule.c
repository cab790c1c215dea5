/* What becomes of the values of the parts of one unit, in one period. */

#include "crosswalk_private.h"

#include <math.h>

#include "decimal_private.h"
#include "exact_private.h"

/* Printed decimals come as whole numbers, and most units as wholes: their sums fit 128 bits
 * as they are, with shares as multiples of 2^-63. */
#define SMALL_WHOLE 0x1p40
#define SMALL_SHARE 0x1p-10
#define FEW_PARTS 4096

static int
is_small_whole(double x)
{
    return fabs(x) < SMALL_WHOLE && x == floor(x);
}

/* Sums over parts in whole numbers; 0 where they are not such numbers. */
static int
add_wholes(const nrdi_part *parts, size_t n, nrdi_int128 *sum)
{
    int fits = n < FEW_PARTS;

    *sum = 0;
    for (size_t i = 0; i < n && fits; i++) {
        fits = parts[i].share >= SMALL_SHARE && is_small_whole(parts[i].value);
        if (fits) {
            *sum += (nrdi_int128) (uint64_t) (parts[i].share * 0x1p63) *
                    (int64_t) parts[i].value;
        }
    }
    return fits;
}

/* The sum of what is known, and of what parts of unknown share may add (side 1) or take
 * away (side -1). */
static double
sum_to(const nrdi_part *parts, size_t n, int side)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        if (!isnan(parts[i].share)) {
            nrd_exact_add_product(&sum, parts[i].share, parts[i].value);
        } else if (side * parts[i].value > 0.0) {
            nrd_exact_add(&sum, parts[i].value);
        }
    }
    return nrd_exact_round(&sum);
}

static void
sum_bounds(const nrdi_part *parts, size_t n, double *low, double *high)
{
    nrdi_int128 sum;

    if (add_wholes(parts, n, &sum)) {
        *low = *high =
            nrdi_round_bits((nrdi_uint128) (sum < 0 ? -sum : sum), -63, 0, sum < 0);
        return;
    }
    *low = sum_to(parts, n, -1);
    *high = sum_to(parts, n, 1);
}

/* The quotient that a part has by itself: a mean weighted by itself is its value. */
static double
quotient_of(const nrd_harmonise_rule *rule, const nrdi_part *part)
{
    return rule->kind == NRD_HARMONISE_RATE ? part->value / part->other : part->value;
}

/* Add a part, a whole one or the share of it, to numerator and denominator. */
static void
add_part(const nrd_harmonise_rule *rule, const nrdi_part *part, nrd_exact *above,
    nrd_exact *below)
{
    const double share = isnan(part->share) ? 1.0 : part->share;

    if (rule->kind == NRD_HARMONISE_RATE) {
        nrd_exact_add_product3(above, share, part->value, rule->above);
        nrd_exact_add_product3(below, share, part->other, rule->below);
    } else {
        nrd_exact_add_product3(above, share, part->other, part->value);
        nrd_exact_add_product(below, share, part->other);
    }
}

static void
swap(nrdi_part *a, nrdi_part *b)
{
    const nrdi_part held = *a;

    *a = *b;
    *b = held;
}

/* Parts of unknown share to the front; their number. */
static size_t
unknown_first(nrdi_part *parts, size_t n)
{
    size_t unknown = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(parts[i].share)) {
            swap(&parts[unknown++], &parts[i]);
        }
    }
    return unknown;
}

/* The part of unknown share, from `first` on, whose own quotient lies farthest beyond the
 * one reached so far; `unknown` where none does. */
static size_t
farthest_beyond(const nrd_harmonise_rule *rule, const nrdi_part *parts, size_t first,
    size_t unknown, double now, int side)
{
    const double factor =
        rule->kind == NRD_HARMONISE_RATE ? rule->above / rule->below : 1.0;
    size_t best = unknown;
    double most = isnan(now) ? -(double) INFINITY : side * now;

    for (size_t i = first; i < unknown; i++) {
        const int counts = parts[i].other > 0.0 ||
                           (rule->kind == NRD_HARMONISE_RATE && parts[i].value > 0.0);
        const double own = counts ? side * factor * quotient_of(rule, &parts[i]) : most;

        if (own > most) {
            best = i;
            most = own;
        }
    }
    return best;
}

/* The greatest (side 1) or least quotient: parts of unknown share are taken whole, the one
 * that moves it most first, as long as they move it on. Few parts: no sort. */
static double
quotient_to(
    const nrd_harmonise_rule *rule, nrdi_part *parts, size_t n, size_t unknown, int side)
{
    nrd_exact above, below;
    double now;

    nrd_exact_init(&above);
    nrd_exact_init(&below);
    for (size_t i = unknown; i < n; i++) {
        add_part(rule, &parts[i], &above, &below);
    }
    now = nrd_exact_round(&above) / nrd_exact_round(&below);
    for (size_t taken = 0; taken < unknown; taken++) {
        const size_t best = farthest_beyond(rule, parts, taken, unknown, now, side);

        if (best == unknown) {
            break;
        }
        add_part(rule, &parts[best], &above, &below);
        swap(&parts[taken], &parts[best]);
        now = nrd_exact_round(&above) / nrd_exact_round(&below);
    }
    return now;
}

/* The quotient of parts that are whole units and whole numbers; 0 where they are not. */
static int
divide_wholes(const nrd_harmonise_rule *rule, const nrdi_part *parts, size_t n, double *out)
{
    const int rate = rule->kind == NRD_HARMONISE_RATE;
    nrdi_int128 above = 0, below = 0;
    int fits = n < FEW_PARTS && rule->above < SMALL_WHOLE && rule->below < SMALL_WHOLE;

    for (size_t i = 0; i < n && fits; i++) {
        fits = parts[i].share == 1.0 && is_small_whole(parts[i].value) &&
               is_small_whole(parts[i].other);
        if (fits) {
            above += (nrdi_int128) (int64_t) parts[i].value *
                     (int64_t) (rate ? rule->above : parts[i].other);
            below += (nrdi_int128) (int64_t) parts[i].other *
                     (int64_t) (rate ? rule->below : 1.0);
        }
    }
    if (fits) {
        *out = below > 0 ? nrdi_ratio_to_double(above, below) : (double) NAN;
    }
    return fits;
}

static void
quotient_bounds(
    const nrd_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high)
{
    size_t unknown;

    if (divide_wholes(rule, parts, n, high)) {
        *low = *high;
        return;
    }
    unknown = unknown_first(parts, n);
    *high = quotient_to(rule, parts, n, unknown, 1);
    *low = unknown > 0 ? quotient_to(rule, parts, n, unknown, -1) : *high;
}

/* ALL is decided by one 0, ANY by one 1, and both by the lack of a doubt. */
static void
state_bounds(const nrdi_part *parts, size_t n, double decides, double *low, double *high)
{
    int decided = 0, open = 0;

    for (size_t i = 0; i < n; i++) {
        decided |= parts[i].value == decides;
        open |= isnan(parts[i].value);
    }
    *low = *high = decided ? decides : 1.0 - decides;
    if (!decided && open) {
        *low = 0.0;
        *high = 1.0;
    }
}

/* Whether parts with 1 can have the share asked for: `doubt` is what a missing state counts
 * as, and parts of unknown share are taken where they help that side. */
static int
reaches(const nrd_harmonise_rule *rule, const nrdi_part *parts, size_t n, double doubt)
{
    nrd_exact balance, weight;

    nrd_exact_init(&balance);
    nrd_exact_init(&weight);
    for (int all = 0; all < 2 && nrd_exact_sign(&weight) == 0; all++) {
        for (size_t i = 0; i < n; i++) {
            const double state = isnan(parts[i].value) ? doubt : parts[i].value;
            const double share = isnan(parts[i].share) ? 1.0 : parts[i].share;

            if (!isnan(parts[i].share) || state == doubt || all) {
                nrd_exact_add_product(&weight, share, parts[i].other);
                nrd_exact_add_product3(
                    &balance, share, parts[i].other, rule->below * state - rule->above);
            }
        }
    }
    return nrd_exact_sign(&weight) > 0 ? nrd_exact_sign(&balance) >= 0 : (int) doubt;
}

static void
share_bounds(const nrd_harmonise_rule *rule, const nrdi_part *parts, size_t n, double *low,
    double *high)
{
    double unused;

    for (size_t i = 0; i < n; i++) {
        if (isnan(parts[i].other)) { /* certain only where all parts are alike */
            state_bounds(parts, n, 0.0, low, &unused);
            state_bounds(parts, n, 1.0, &unused, high);
            return;
        }
    }
    *low = reaches(rule, parts, n, 0.0);
    *high = reaches(rule, parts, n, 1.0);
}

static int
is_missing(const nrd_harmonise_rule *rule, const nrdi_part *parts, size_t n)
{
    int missing = 0;

    for (size_t i = 0; i < n; i++) {
        missing |= isnan(parts[i].value) || isnan(parts[i].other);
    }
    return missing && !nrdi_harmonise_is_state(rule->kind);
}

void
nrdi_harmonise_unit(
    const nrd_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high)
{
    if (is_missing(rule, parts, n)) {
        *low = *high = (double) NAN;
        return;
    }
    switch (rule->kind) {
    case NRD_HARMONISE_SUM: sum_bounds(parts, n, low, high); break;
    case NRD_HARMONISE_MEAN:
    case NRD_HARMONISE_RATE: quotient_bounds(rule, parts, n, low, high); break;
    case NRD_HARMONISE_ALL: state_bounds(parts, n, 0.0, low, high); break;
    case NRD_HARMONISE_ANY: state_bounds(parts, n, 1.0, low, high); break;
    case NRD_HARMONISE_SHARE: share_bounds(rule, parts, n, low, high); break;
    }
}
