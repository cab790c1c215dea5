/* What becomes of the values of the parts of one unit, in one period. */

#include "crosswalk_private.h"

#include <math.h>

/* A sum of whole numbers times shares in 128 bits, in units of 2^-63, or of any numbers
 * without error. */
typedef struct {
    int whole;
    nrdi_int128 wide;
    nrd_exact exact;
} total;

static void
begin(total *sum, int whole)
{
    sum->whole = whole;
    sum->wide = 0;
    if (!whole) {
        nrd_exact_init(&sum->exact);
    }
}

/* Add share * a * b, of which a * b is a whole number below NRDI_WHOLE where the sum is of
 * such. */
static void
add(total *sum, double share, double a, double b)
{
    if (sum->whole) {
        sum->wide += nrdi_harmonise_fixed(share) * (int64_t) (a * b);
    } else {
        nrd_exact_add_product3(&sum->exact, share, a, b);
    }
}

static double
rounded(const total *sum)
{
    return sum->whole ? (double) sum->wide * 0x1p-63 : nrd_exact_round(&sum->exact);
}

static int
sign(const total *sum)
{
    return sum->whole ? (sum->wide > 0) - (sum->wide < 0) : nrd_exact_sign(&sum->exact);
}

/* The sum of what is known, and of what parts of unknown share may add (side 1) or take
 * away (side -1). */
static double
sum_to(int whole, const nrdi_part *parts, size_t n, int side)
{
    total sum;

    begin(&sum, whole);
    for (size_t i = 0; i < n; i++) {
        const int known = !isnan(parts[i].share);

        if (known || side * parts[i].value > 0.0) {
            add(&sum, known ? parts[i].share : 1.0, parts[i].value, 1.0);
        }
    }
    return rounded(&sum);
}

/* The quotient that a part has by itself: a mean weighted by itself is its value. */
static double
quotient_of(const nrd_harmonise_rule *rule, const nrdi_part *part)
{
    const double own =
        rule->kind == NRD_HARMONISE_RATE ? part->value / part->other : part->value;

    return own * (rule->above / rule->below);
}

/* Add a part, a whole one or the share of it, to numerator and denominator. */
static void
add_part(const nrd_harmonise_rule *rule, const nrdi_part *part, total *above, total *below)
{
    const double share = isnan(part->share) ? 1.0 : part->share;

    if (rule->kind == NRD_HARMONISE_RATE) {
        add(above, share, part->value, rule->above);
    } else {
        add(above, share, part->other, part->value);
    }
    add(below, share, part->other, rule->below);
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
    size_t best = unknown;
    double most = isnan(now) ? -(double) INFINITY : side * now;

    for (size_t i = first; i < unknown; i++) {
        const int counts = parts[i].other > 0.0 ||
                           (rule->kind == NRD_HARMONISE_RATE && parts[i].value > 0.0);
        const double own = counts ? side * quotient_of(rule, &parts[i]) : most;

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
    const nrdi_harmonise_rule *rule, nrdi_part *parts, size_t n, size_t unknown, int side)
{
    total above, below;
    double now;

    begin(&above, rule->whole);
    begin(&below, rule->whole);
    for (size_t i = unknown; i < n; i++) {
        add_part(&rule->is, &parts[i], &above, &below);
    }
    now = rounded(&above) / rounded(&below);
    for (size_t taken = 0; taken < unknown; taken++) {
        const size_t best = farthest_beyond(&rule->is, parts, taken, unknown, now, side);

        if (best == unknown) {
            break;
        }
        add_part(&rule->is, &parts[best], &above, &below);
        swap(&parts[taken], &parts[best]);
        now = rounded(&above) / rounded(&below);
    }
    return now;
}

static void
quotient_bounds(
    const nrdi_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high)
{
    const size_t unknown = unknown_first(parts, n);

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
reaches(const nrdi_harmonise_rule *rule, const nrdi_part *parts, size_t n, double doubt)
{
    total balance, weight;

    begin(&balance, rule->whole);
    begin(&weight, rule->whole);
    for (int all = 0; all < 2 && sign(&weight) == 0; all++) {
        for (size_t i = 0; i < n; i++) {
            const double state = isnan(parts[i].value) ? doubt : parts[i].value;
            const double share = isnan(parts[i].share) ? 1.0 : parts[i].share;

            if (!isnan(parts[i].share) || state == doubt || all) {
                add(&weight, share, parts[i].other, 1.0);
                add(&balance, share, parts[i].other,
                    rule->is.below * state - rule->is.above);
            }
        }
    }
    return sign(&weight) > 0 ? sign(&balance) >= 0 : (int) doubt;
}

static void
share_bounds(const nrdi_harmonise_rule *rule, const nrdi_part *parts, size_t n, double *low,
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
    const nrdi_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high)
{
    if (is_missing(&rule->is, parts, n)) {
        *low = *high = (double) NAN;
        return;
    }
    switch (rule->is.kind) {
    case NRD_HARMONISE_SUM:
        *low = sum_to(rule->whole, parts, n, -1);
        *high = sum_to(rule->whole, parts, n, 1);
        break;
    case NRD_HARMONISE_MEAN:
    case NRD_HARMONISE_RATE: quotient_bounds(rule, parts, n, low, high); break;
    case NRD_HARMONISE_ALL: /* done for all periods at once */
    case NRD_HARMONISE_ANY: break;
    case NRD_HARMONISE_SHARE: share_bounds(rule, parts, n, low, high); break;
    }
}
