/* Slopes of given ranks: bounds that come nearer and nearer. */

#include "slope_private.h"

#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

/* Bounds are put so many units in the last place beside the slopes they come from, so that
 * what has the value of a slope lies between them. */
#define UNITS 4

/* Beside 0: a power of 2, whose products with x are exact, as far as they do not vanish. */
#define NEAR_ZERO 0x1p-600

/* Standard deviations of the rank in a sample that bounds leave on each side. */
#define DEVIATIONS 3.0

double
nrdi_select(double *values, size_t n, size_t k)
{
    size_t first = 0, last = n - 1;

    while (first < last) {
        const double a = values[first], b = values[first + (last - first) / 2];
        const double c = values[last];
        const double pivot = fmax(fmin(a, b), fmin(fmax(a, b), c));
        size_t i = first, j = last;

        for (;;) {
            while (values[i] < pivot) {
                i++;
            }
            while (values[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            const double kept = values[i];

            values[i++] = values[j];
            values[j--] = kept;
        }
        /* Values up to j are at most the pivot, those from i on at least. */
        if (i == j) {
            first = k > i ? i + 1 : first;
            last = k < i ? i - 1 : last;
            if (k == i) {
                return values[k];
            }
        } else if (k <= j) {
            last = j;
        } else {
            first = i;
        }
    }
    return values[k];
}

static double
beside(double value, double towards)
{
    if (value == 0.0) {
        return copysign(NEAR_ZERO, towards);
    }
    for (int i = 0; i < UNITS; i++) {
        value = nextafter(value, towards);
    }
    return value;
}

/* Bounds between which the wanted slope lies. */
typedef struct {
    double low, high;
    uint64_t below; /* slopes up to low */
    uint64_t upto;  /* slopes up to high */
    uint64_t round;
} bounds;

/* Move a bound to where the slope of a rank does not lie beyond it; 0 where it is not
 * between those that there are. */
static int
narrow(nrdi_slopes *own, bounds *now, uint64_t rank, double bound)
{
    uint32_t *order = own->between;
    uint64_t count;

    if (!(bound > now->low && bound < now->high)) {
        return 0;
    }
    count = nrdi_slopes_order(own, bound, order);
    if (count < rank) {
        own->between = own->low;
        own->low = order;
        now->low = bound;
        now->below = count;
    } else {
        own->between = own->high;
        own->high = order;
        now->high = bound;
        now->upto = count;
    }
    return 1;
}

/* One round: two bounds out of a sample. 1 where all that is left has one value, but for a
 * few units in the last place, which is *out then. */
static int
come_nearer(nrdi_slopes *own, bounds *now, uint64_t rank, double *out)
{
    const uint64_t pairs = now->upto - now->below;
    const size_t count = own->n < own->room / 2 ? own->n : own->room / 2;
    const size_t made = nrdi_slopes_between(own, pairs, count, ++now->round);
    const double share = ((double) (rank - now->below) - 0.5) / (double) pairs;
    const double at = share * (double) made;
    const double room = DEVIATIONS * sqrt((double) made * share * (1.0 - share)) + 1.0;
    const size_t low = at > room ? (size_t) (at - room) : 0;
    const size_t high = at + room < (double) made ? (size_t) (at + room) : made - 1;
    double from, to;
    int moved;

    *out = nrdi_select(own->found, made, at < (double) made ? (size_t) at : made - 1);
    from = low > 0 ? beside(nrdi_select(own->found, made, low), -INFINITY) : now->low;
    to =
        high < made - 1 ? beside(nrdi_select(own->found, made, high), INFINITY) : now->high;
    moved = narrow(own, now, rank, from);
    moved = narrow(own, now, rank, to) || moved;
    if (!moved) { /* most slopes are equal */
        moved = narrow(own, now, rank, beside(*out, -INFINITY));
        moved = narrow(own, now, rank, beside(*out, INFINITY)) || moved;
    }
    return !moved;
}

static nrd_status
select_from(nrdi_slopes *own, bounds *now, const uint64_t *ranks, size_t count,
    size_t *done, double *out, nrd_error *err)
{
    const uint64_t rank = ranks[*done];
    size_t made;

    while (now->upto - now->below > own->room) {
        if (nrdi_is_stopped(own->stop)) {
            return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        if (come_nearer(own, now, rank, &out[*done])) {
            (*done)++;
            return NRD_OK;
        }
    }
    made = nrdi_slopes_between(own, now->upto - now->below, 0, 0);
    while (*done < count && ranks[*done] <= now->upto) {
        const uint64_t place = ranks[*done] - now->below - 1;

        out[*done] =
            nrdi_select(own->found, made, place < made ? (size_t) place : made - 1);
        (*done)++;
    }
    return NRD_OK;
}

static nrd_status
select_all(
    nrdi_slopes *own, const uint64_t *ranks, size_t count, double *out, nrd_error *err)
{
    const uint64_t pairs = nrdi_slopes_pairs(own);
    bounds now = {.low = -INFINITY};
    size_t done = 0;

    for (size_t i = 0; i < count; i++) {
        if (ranks[i] == 0 || ranks[i] > pairs || (i > 0 && ranks[i] <= ranks[i - 1])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the rank is %llu, expected ranks that rise from 1 to %llu",
                (unsigned long long) ranks[i], (unsigned long long) pairs);
        }
    }
    (void) nrdi_slopes_order(own, now.low, own->low);
    while (done < count) {
        now.high = INFINITY;
        now.upto = nrdi_slopes_order(own, now.high, own->high);
        NRDI_TRY(select_from(own, &now, ranks, count, &done, out, err));
    }
    return NRD_OK;
}

static nrd_status
check(const double *x, const double *y, size_t n, const uint64_t *ranks, const double *out,
    nrd_error *err)
{
    if (x == NULL || y == NULL || ranks == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    if (n < 2 || (uint64_t) n > UINT32_MAX) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu points, expected 2 to %lu", n, (unsigned long) UINT32_MAX);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the point is (%g, %g), expected finite numbers", x[i], y[i]);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_slope_select(const double *x, const double *y, size_t n, const uint64_t *ranks,
    size_t count, const int *stop, double *out, nrd_error *err)
{
    nrdi_slopes own = {.stop = stop};
    double *found = NULL;
    nrd_status status;

    NRDI_TRY(check(x, y, n, ranks, out, err));
    status = nrdi_slopes_open(&own, x, y, n, err);
    if (status == NRD_OK) {
        found = nrdi_malloc(count, sizeof *found);
        status = found != NULL ? select_all(&own, ranks, count, found, err)
                               : nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
                                     "no memory for %zu slopes", count);
    }
    for (size_t i = 0; i < count && status == NRD_OK; i++) {
        out[i] = found[i];
    }
    nrdi_free(found);
    nrdi_slopes_close(&own);
    return status;
}
