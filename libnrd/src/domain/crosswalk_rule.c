/* What becomes of the values of the parts of one unit, in one period. */

#include "crosswalk_private.h"

#include <math.h>

#include "twofold_private.h"

/* More parts than this are summed without error at once. */
#define FEW_PARTS 1024

/* Sizes of sums between which the rest of a product does not underflow. */
#define LEAST_SIZE 0x1p-800
#define GREATEST_SIZE 0x1p900

/* How sums are taken. */
typedef enum {
    WHOLE, /* of whole numbers times shares, in 128 bits */
    NEAR,  /* in two doubles, of which is known how far off they may be */
    EXACT  /* without error */
} way;

/* The sums of one unit; unsure where two doubles do not tell how one is rounded. */
typedef struct {
    const nrd_harmonise_rule *rule;
    way by;
    int unsure;
} unit_sums;

typedef struct {
    way by;
    nrdi_int128 wide; /* in units of 2^-63 */
    nrdi_twofold near;
    double size; /* of all terms together */
    double terms;
    nrd_exact exact;
} total;

static void
begin(total *sum, const unit_sums *of)
{
    sum->by = of->by;
    sum->wide = 0;
    sum->near = (nrdi_twofold){0.0, 0.0};
    sum->size = sum->terms = 0.0;
    if (of->by == EXACT) {
        nrd_exact_init(&sum->exact);
    }
}

static void
add_near(total *sum, double share, double a, double b)
{
    nrdi_twofold term = {a, 0.0};

    if (b != 1.0) {
        term = nrdi_twofold_product(a, b);
    }
    if (share != 1.0) {
        term = nrdi_twofold_times(term, share);
    }
    sum->near = nrdi_twofold_add(sum->near, term);
    sum->size += fabs(term.high);
    sum->terms += 1.0;
}

/* Add share * a * b, of which a * b is a whole number below NRDI_WHOLE where the sum is of
 * such. */
static void
add(total *sum, double share, double a, double b)
{
    switch (sum->by) {
    case WHOLE: sum->wide += nrdi_harmonise_fixed(share) * (int64_t) (a * b); break;
    case NEAR: add_near(sum, share, a, b); break;
    case EXACT: nrd_exact_add_product3(&sum->exact, share, a, b); break;
    }
}

/* How far two doubles may be off: each addition and product by less than 2^-103 of the size
 * of all terms (M. Joldes, J.-M. Muller, V. Popescu, ACM Trans. Math. Softw. 44 (2017) 15),
 * and as much again for what is done with this. */
static double
error_of(const total *sum)
{
    return sum->size * (sum->terms + 1.0) * 0x1p-101;
}

/* The nearest double to a sum; an end of what it may be where they have not the same. */
static double
rounded(const total *sum, unit_sums *of)
{
    const double error = error_of(sum);
    const double above = sum->near.high + (sum->near.low + error);
    const double below = sum->near.high + (sum->near.low - error);

    switch (sum->by) {
    case WHOLE: return (double) sum->wide * 0x1p-63;
    case EXACT: return nrd_exact_round(&sum->exact);
    case NEAR: break;
    }
    of->unsure |= sum->size != 0.0 &&
                  !(above == below && sum->size > LEAST_SIZE && sum->size < GREATEST_SIZE);
    return above;
}

static int
sign(const total *sum, unit_sums *of)
{
    const double error = error_of(sum), high = sum->near.high;

    switch (sum->by) {
    case WHOLE: return (sum->wide > 0) - (sum->wide < 0);
    case EXACT: return nrd_exact_sign(&sum->exact);
    case NEAR: break;
    }
    of->unsure |=
        sum->size != 0.0 &&
        !(fabs(high) > 2.0 * error && sum->size > LEAST_SIZE && sum->size < GREATEST_SIZE);
    return (high > 0.0) - (high < 0.0);
}

/* The sum of what is known, and of what parts of unknown share may add (side 1) or take
 * away (side -1). */
static double
sum_to(unit_sums *of, const nrdi_part *parts, size_t n, int side)
{
    total sum;

    begin(&sum, of);
    for (size_t i = 0; i < n; i++) {
        const int known = !isnan(parts[i].share);

        if (known || side * parts[i].value > 0.0) {
            add(&sum, known ? parts[i].share : 1.0, parts[i].value, 1.0);
        }
    }
    return rounded(&sum, of);
}

static void
sum_bounds(unit_sums *of, const nrdi_part *parts, size_t n, double *low, double *high)
{
    int unknown = 0;

    for (size_t i = 0; i < n; i++) {
        unknown |= isnan(parts[i].share) != 0;
    }
    *high = sum_to(of, parts, n, 1);
    *low = unknown ? sum_to(of, parts, n, -1) : *high;
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
quotient_to(unit_sums *of, nrdi_part *parts, size_t n, size_t unknown, int side)
{
    total above, below;
    double now;

    begin(&above, of);
    begin(&below, of);
    for (size_t i = unknown; i < n; i++) {
        add_part(of->rule, &parts[i], &above, &below);
    }
    now = rounded(&above, of) / rounded(&below, of);
    for (size_t taken = 0; taken < unknown; taken++) {
        const size_t best = farthest_beyond(of->rule, parts, taken, unknown, now, side);

        if (best == unknown) {
            break;
        }
        add_part(of->rule, &parts[best], &above, &below);
        swap(&parts[taken], &parts[best]);
        now = rounded(&above, of) / rounded(&below, of);
    }
    return now;
}

static void
quotient_bounds(unit_sums *of, nrdi_part *parts, size_t n, double *low, double *high)
{
    const size_t unknown = unknown_first(parts, n);

    *high = quotient_to(of, parts, n, unknown, 1);
    *low = unknown > 0 ? quotient_to(of, parts, n, unknown, -1) : *high;
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
reaches(unit_sums *of, const nrdi_part *parts, size_t n, double doubt)
{
    total balance, weight;

    begin(&balance, of);
    begin(&weight, of);
    for (int all = 0; all < 2 && sign(&weight, of) == 0; all++) {
        for (size_t i = 0; i < n; i++) {
            const double state = isnan(parts[i].value) ? doubt : parts[i].value;
            const double share = isnan(parts[i].share) ? 1.0 : parts[i].share;

            if (!isnan(parts[i].share) || state == doubt || all) {
                add(&weight, share, parts[i].other, 1.0);
                add(&balance, share, parts[i].other,
                    of->rule->below * state - of->rule->above);
            }
        }
    }
    return sign(&weight, of) > 0 ? sign(&balance, of) >= 0 : (int) doubt;
}

static void
share_bounds(unit_sums *of, const nrdi_part *parts, size_t n, double *low, double *high)
{
    double unused;

    for (size_t i = 0; i < n; i++) {
        if (isnan(parts[i].other)) { /* certain only where all parts are alike */
            state_bounds(parts, n, 0.0, low, &unused);
            state_bounds(parts, n, 1.0, &unused, high);
            return;
        }
    }
    *low = reaches(of, parts, n, 0.0);
    *high = reaches(of, parts, n, 1.0);
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

static void
find(unit_sums *of, nrdi_part *parts, size_t n, double *low, double *high)
{
    switch (of->rule->kind) {
    case NRD_HARMONISE_SUM: sum_bounds(of, parts, n, low, high); break;
    case NRD_HARMONISE_MEAN:
    case NRD_HARMONISE_RATE: quotient_bounds(of, parts, n, low, high); break;
    case NRD_HARMONISE_ALL: /* done for all periods at once */
    case NRD_HARMONISE_ANY: break;
    case NRD_HARMONISE_SHARE: share_bounds(of, parts, n, low, high); break;
    }
}

void
nrdi_harmonise_unit(
    const nrdi_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high)
{
    unit_sums of = {&rule->is, rule->whole ? WHOLE : n < FEW_PARTS ? NEAR : EXACT, 0};

    if (is_missing(&rule->is, parts, n)) {
        *low = *high = (double) NAN;
        return;
    }
    find(&of, parts, n, low, high);
    if (of.unsure) {
        of.by = EXACT;
        find(&of, parts, n, low, high);
    }
}
