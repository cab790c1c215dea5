/* Kendall's tau_b: pairs in the wrong order are counted digit by digit, ties by runs. */

#include "kendall_private.h"

#include <math.h>

#include "decimal_private.h"
#include "order_private.h"
#include "status_private.h"

/* Numbers below this, in whatever order, are compared one by one. */
#define FEW_BITS 3

/* Sums over groups of t equal values. */
typedef struct {
    uint64_t pairs;      /* t (t - 1) / 2 */
    nrdi_uint128 third;  /* t (t - 1) (t - 2) */
    nrdi_uint128 spread; /* t (t - 1) (2 t + 5) */
    double log_orders;   /* log t! */
} tie_sums;

static void
add_tie(tie_sums *sums, uint64_t t)
{
    const nrdi_uint128 twice = (nrdi_uint128) t * (t - 1);

    if (t > 1) {
        sums->pairs += (uint64_t) (twice / 2);
        sums->third += twice * (t - 2);
        sums->spread += twice * (2 * t + 5);
        sums->log_orders += nrdi_log_factorial(t);
    }
}

/* Inversions among at most 2^FEW_BITS numbers each. */
static uint64_t
count_few(const uint32_t *a, size_t n)
{
    uint64_t sum = 0;

    for (size_t start = 0; start < n; start += (size_t) 1 << FEW_BITS) {
        const size_t end =
            n - start > (size_t) 1 << FEW_BITS ? start + ((size_t) 1 << FEW_BITS) : n;
        uint32_t part = 0;

        for (size_t i = start + 1; i < end; i++) {
            for (size_t k = start; k < i; k++) {
                part += a[k] > a[i];
            }
        }
        sum += part;
    }
    return sum;
}

/* Numbers from `start` on that agree in all bits above `bit`: those without it go before
 * those with it. Each of the former has as many inversions as there were of the latter
 * before it. */
static uint64_t
split(const uint32_t *a, uint32_t *out, size_t start, size_t end, int bit)
{
    const size_t ones = start + ((size_t) 1 << bit);
    size_t zero = start, one = ones;
    uint64_t sum = 0;

    for (size_t i = start; i < end; i++) {
        const uint32_t number = a[i];
        const size_t is_one = number >> bit & 1;

        sum += (one - ones) & (is_one - 1);
        out[is_one ? one : zero] = number;
        one += is_one;
        zero += 1 - is_one;
    }
    return sum;
}

/* Without a branch that could be guessed wrongly, where a merge sort has one for each
 * number in each of its passes. */
uint64_t
nrdi_inversions(uint32_t *a, uint32_t *spare, size_t n)
{
    const int bits = n > 1 ? 64 - __builtin_clzll(n - 1) : 0;
    uint64_t sum = 0;

    for (int bit = bits - 1; bit >= FEW_BITS; bit--) {
        const size_t step = (size_t) 2 << bit;
        uint32_t *other = a;

        for (size_t start = 0; start < n; start += step) {
            const size_t end = n - start > step ? start + step : n;

            sum += split(a, spare, start, end, bit);
        }
        a = spare;
        spare = other;
    }
    return sum + count_few(a, n);
}

/* Memory of one test. */
typedef struct {
    nrdi_entry *entries, *spare;
    uint32_t *first; /* place in the order of x where the equal ones begin */
    uint32_t *next;  /* place that the next one of these gets */
    uint32_t *place; /* in the order of x and then y, of the rows in the order of y */
    uint32_t *other;
    uint32_t ties[NRD_KENDALL_EXACT];
    size_t groups; /* those of y, or of x where only x has ties, as far as there is room */
    tie_sums x, y;
} work;

static void
add_group(work *own, uint64_t t)
{
    if (own->groups < NRD_KENDALL_EXACT) {
        own->ties[own->groups] = (uint32_t) t;
    }
    own->groups++;
}

static void
order_by_x(work *own, const double *x, size_t n)
{
    size_t first = 0;

    for (size_t i = 0; i < n; i++) {
        own->entries[i] = (nrdi_entry){nrdi_order_key(x[i]), i};
    }
    nrdi_order_entries(own->entries, own->spare, n);
    own->groups = 0;
    for (size_t i = 0; i < n; i++) {
        if (own->entries[i].key != own->entries[first].key) {
            add_tie(&own->x, i - first);
            add_group(own, i - first);
            first = i;
        }
        own->first[i] = own->next[i] = (uint32_t) first;
    }
    add_tie(&own->x, n - first);
    add_group(own, n - first);
}

/* The rows in the order of y get their places in the order of x and then y: those of equal
 * x or y are no inversions then. */
static void
order_by_y(work *own, const double *y, size_t n, uint64_t *both_out)
{
    nrdi_entry *entries = own->entries;
    size_t first = 0, same = 0;
    uint64_t both = 0;

    for (size_t i = 0; i < n; i++) {
        entries[i] = (nrdi_entry){nrdi_order_key(y[entries[i].item]), i};
    }
    nrdi_order_entries(entries, own->spare, n);
    own->groups = own->x.pairs > 0 ? own->groups : 0;
    for (size_t i = 0; i <= n; i++) {
        const int ends = i == n || entries[i].key != entries[first].key;

        if (ends || own->first[entries[i].item] != own->first[entries[same].item]) {
            both += (uint64_t) (i - same) * (i - same - 1) / 2;
            same = i;
        }
        if (ends) {
            add_tie(&own->y, i - first);
            if (own->x.pairs == 0) {
                add_group(own, i - first);
            }
            first = i;
        }
        if (i < n) {
            own->place[i] = own->next[own->first[entries[i].item]]++;
        }
    }
    *both_out = both;
}

static double
variance_of(const tie_sums *x, const tie_sums *y, uint64_t n)
{
    const nrdi_uint128 twice = (nrdi_uint128) n * (n - 1);
    const nrdi_uint128 spread = twice * (2 * n + 5) - x->spread - y->spread;
    double out = (double) spread / 18.0;

    if (n > 2) {
        out += (double) x->third * (double) y->third / (9.0 * (double) (twice * (n - 2)));
    }
    return x->spread == twice * (2 * n + 5) || y->spread == twice * (2 * n + 5)
               ? 0.0
               : out + 2.0 * (double) x->pairs * (double) y->pairs / (double) twice;
}

static void
set_result(work *own, size_t n, uint64_t both, uint64_t discordant, nrd_kendall *out)
{
    const tie_sums *tied = own->x.pairs > 0 ? &own->x : &own->y;
    double at_most[NRD_KENDALL_COUNTS], left_x, left_y;

    out->pairs = (uint64_t) n * (n - 1) / 2;
    out->tied_x = own->x.pairs;
    out->tied_y = own->y.pairs;
    out->tied_both = both;
    out->s = (int64_t) (out->pairs - out->tied_x - out->tied_y + both) -
             2 * (int64_t) discordant;
    left_x = (double) (out->pairs - out->tied_x);
    left_y = (double) (out->pairs - out->tied_y);
    out->tau_b = (double) NAN;
    if (left_x > 0.0 && left_y > 0.0) {
        out->tau_b = (double) out->s / (sqrt(left_x) * sqrt(left_y));
        out->tau_b = fmax(-1.0, fmin(1.0, out->tau_b));
    }
    out->variance = variance_of(&own->x, &own->y, n);
    if (own->x.pairs > 0 && own->y.pairs > 0) {
        nrdi_kendall_normal(out);
        out->smallest_p = (double) NAN;
    } else if (n > NRD_KENDALL_EXACT) {
        nrdi_kendall_normal(out);
        out->smallest_p = fmin(1.0, 2.0 * exp(tied->log_orders - nrdi_log_factorial(n)));
    } else {
        nrdi_kendall_exact(
            out, at_most, nrdi_kendall_count(own->ties, own->groups, at_most));
    }
}

static nrd_status
check(const double *x, const double *y, size_t n, const nrd_kendall *out, nrd_error *err)
{
    if (x == NULL || y == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (n < 2 || (uint64_t) n > UINT32_MAX) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu rows, expected 2 to %lu", n, (unsigned long) UINT32_MAX);
    }
    NRDI_TRY(nrdi_order_check_values(x, n, err));
    return nrdi_order_check_values(y, n, err);
}

nrd_status
nrd_kendall_test(const double *x, const double *y, size_t n, int continuity,
    nrd_kendall *out, nrd_error *err)
{
    work own = {0};
    nrd_kendall found = {.continuity = continuity != 0};
    nrd_status status = NRD_OK;
    uint64_t both;

    NRDI_TRY(check(x, y, n, out, err));
    own.entries = nrdi_malloc(n, 2 * sizeof *own.entries);
    own.first = nrdi_malloc(n, 2 * sizeof *own.first);
    own.place = nrdi_malloc(n, 2 * sizeof *own.place);
    if (own.entries == NULL || own.first == NULL || own.place == NULL) {
        status =
            nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to compare %zu rows", n);
        goto done;
    }
    own.spare = own.entries + n;
    own.next = own.first + n;
    own.other = own.place + n;
    order_by_x(&own, x, n);
    order_by_y(&own, y, n, &both);
    set_result(&own, n, both, nrdi_inversions(own.place, own.other, n), &found);
    *out = found;

done:
    nrdi_free(own.entries);
    nrdi_free(own.first);
    nrdi_free(own.place);
    return status;
}
