/* Orders of lines at a bound, and the pairs that change places between two of them. */

#include "slope_private.h"

#include <math.h>
#include <string.h>

#include "kendall_private.h"
#include "random_private.h"
#include "status_private.h"

/* Slopes that are looked at one by one, for each point; and for few points. */
#define ROOM_OF_POINT 4
#define ROOM 1024

/* Numbers up to here can be added without overflow. */
#define MOST 1e300

static void
sort_points(nrdi_slopes *own, const double *x, const double *y)
{
    const size_t n = own->n;
    nrdi_entry *entries = own->entries;

    for (size_t i = 0; i < n; i++) {
        entries[i] = (nrdi_entry){nrdi_order_key(y[i]), i};
    }
    nrdi_order_entries(entries, own->spare, n);
    for (size_t i = 0; i < n; i++) {
        entries[i].key = nrdi_order_key(x[entries[i].item]);
    }
    nrdi_order_entries(entries, own->spare, n);
    for (size_t i = 0; i < n; i++) {
        own->x[i] = x[entries[i].item];
        own->y[i] = y[entries[i].item];
        own->twins |= i > 0 && own->x[i] == own->x[i - 1] && own->y[i] == own->y[i - 1];
    }
}

/* y - bound * x must be a number for every slope that may be a bound. */
static nrd_status
check_reach(const nrdi_slopes *own, nrd_error *err)
{
    const size_t n = own->n;
    double least = INFINITY, size = 1.0, low = own->y[0], high = own->y[0];

    for (size_t i = 0; i < n; i++) {
        const double step = i > 0 ? own->x[i] - own->x[i - 1] : 0.0;

        least = step > 0.0 && step < least ? step : least;
        low = fmin(low, own->y[i]);
        high = fmax(high, own->y[i]);
    }
    size = fmax(size, fmax(fabs(own->x[0]), fabs(own->x[n - 1])));
    if (!((high - low) / least * size < MOST) || !(fmax(fabs(low), fabs(high)) < MOST)) {
        return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
            "a slope times an x may reach %g, expected less than %g",
            (high - low) / least * size, MOST);
    }
    return NRD_OK;
}

nrd_status
nrdi_slopes_open(
    nrdi_slopes *own, const double *x, const double *y, size_t n, nrd_error *err)
{
    own->n = n;
    own->room = ROOM_OF_POINT * n + ROOM;
    own->x = nrdi_malloc(n, 2 * sizeof *own->x);
    own->entries = nrdi_malloc(n, 2 * sizeof *own->entries);
    own->orders = nrdi_malloc(n, 5 * sizeof *own->orders);
    own->found = nrdi_malloc(own->room, sizeof *own->found);
    if (own->x == NULL || own->entries == NULL || own->orders == NULL ||
        own->found == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the slopes of %zu points", n);
    }
    own->y = own->x + n;
    own->spare = own->entries + n;
    own->low = own->orders;
    own->high = own->low + n;
    own->between = own->high + n;
    own->place = own->between + n;
    own->other = own->place + n;
    sort_points(own, x, y);
    return check_reach(own, err);
}

void
nrdi_slopes_close(nrdi_slopes *own)
{
    nrdi_free(own->x);
    nrdi_free(own->entries);
    nrdi_free(own->orders);
    nrdi_free(own->found);
}

/* Where the points with the x of point i end. */
static size_t
end_of_run(const nrdi_slopes *own, size_t i)
{
    size_t end = i + 1;

    while (end < own->n && own->x[end] == own->x[i]) {
        end++;
    }
    return end;
}

uint64_t
nrdi_slopes_pairs(const nrdi_slopes *own)
{
    uint64_t pairs = (uint64_t) own->n * (own->n - 1) / 2;

    for (size_t i = 0, end; i < own->n; i = end) {
        end = end_of_run(own, i);
        pairs -= (uint64_t) (end - i) * (end - i - 1) / 2;
    }
    return pairs;
}

/* y - bound x in two parts, about 2^-104 off. */
static double
height(const nrdi_slopes *own, uint32_t line, double bound, double *rest_out)
{
    const double x = own->x[line], y = own->y[line], product = bound * x;
    const double left = fma(bound, x, -product), sum = y - product, part = sum - y;
    const double rest = ((y - (sum - part)) - (product + part)) - left, high = sum + rest;

    *rest_out = rest - (high - sum);
    return high;
}

static void
turn(nrdi_entry *entries, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const nrdi_entry kept = entries[i];

        entries[i] = entries[n - 1 - i];
        entries[n - 1 - i] = kept;
    }
}

/* Lines of one height, the last ones first, have met; but points that are equal have no
 * slope, and keep their order. */
static void
turn_twins(const nrdi_slopes *own, nrdi_entry *entries, size_t n)
{
    size_t first = 0;

    for (size_t i = 1; i <= n; i++) {
        if (i == n || own->x[entries[i].item] != own->x[entries[first].item]) {
            turn(entries + first, i - first);
            first = i;
        }
    }
}

/* Lines whose heights agree in the first part are sorted by the second. */
static void
sort_rests(nrdi_slopes *own, nrdi_entry *entries, size_t n, double bound)
{
    size_t first = 0;

    for (size_t i = 0; i < n; i++) {
        double rest;

        (void) height(own, (uint32_t) entries[i].item, bound, &rest);
        entries[i].key = nrdi_order_key(rest);
    }
    nrdi_order_entries(entries, own->spare, n);
    for (size_t i = 1; i <= n && own->twins; i++) {
        if (i == n || entries[i].key != entries[first].key) {
            turn_twins(own, entries + first, i - first);
            first = i;
        }
    }
}

static void
order_at(nrdi_slopes *own, double bound, uint32_t *out)
{
    const size_t n = own->n;
    nrdi_entry *entries = own->entries;
    size_t first = 0;

    for (size_t i = 0; i < n; i++) {
        const uint32_t line = (uint32_t) (n - 1 - i);
        double rest;

        entries[i] = (nrdi_entry){nrdi_order_key(height(own, line, bound, &rest)), line};
    }
    nrdi_order_entries_until(entries, own->spare, n, own->stop);
    for (size_t i = 1; i <= n; i++) {
        if (i == n || entries[i].key != entries[first].key) {
            if (i - first > 1) {
                sort_rests(own, entries + first, i - first, bound);
            }
            first = i;
        }
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint32_t) entries[i].item;
    }
}

/* All lines have met all others with another x. */
static void
order_at_end(const nrdi_slopes *own, uint32_t *out)
{
    size_t place = own->n;

    for (size_t i = 0, end; i < own->n; i = end) {
        end = end_of_run(own, i);
        place -= end - i;
        for (size_t k = i; k < end; k++) {
            out[place + k - i] = (uint32_t) k;
        }
    }
}

uint64_t
nrdi_slopes_order(nrdi_slopes *own, double bound, uint32_t *out)
{
    if (isfinite(bound)) {
        order_at(own, bound, out);
    } else if (bound > 0.0) {
        order_at_end(own, out);
    } else {
        for (size_t i = 0; i < own->n; i++) {
            out[i] = (uint32_t) i;
        }
        return 0;
    }
    memcpy(own->place, out, own->n * sizeof *out);
    return nrdi_inversions(own->place, own->other, own->n);
}

/* A walk over all pairs that change places. */
typedef struct {
    nrdi_slopes *own;
    uint64_t seen;   /* pairs passed */
    uint64_t wanted; /* the number of the next one to look at */
    double stretch;  /* pairs of which one is looked at; 0 for each one */
    size_t count, made;
    nrd_random rng;
} walk;

static void
set_wanted(walk *to)
{
    const double at = (double) to->made + nrd_random_uniform(&to->rng);

    to->wanted = to->made < to->count ? (uint64_t) (at * to->stretch) : UINT64_MAX;
}

static void
look_at(walk *to, uint32_t a, uint32_t b)
{
    nrdi_slopes *own = to->own;
    const uint32_t one = own->low[a], other = own->low[b];
    const uint32_t i = one < other ? one : other, j = one < other ? other : one;

    if (to->made < own->room) {
        own->found[to->made++] = (own->y[j] - own->y[i]) / (own->x[j] - own->x[i]);
    }
}

/* As in nrdi_inversions, and each number that goes before `count` others makes pairs. */
static void
pass(walk *to, const uint32_t *others, uint64_t count, uint32_t number)
{
    if (to->stretch > 0.0) {
        while (to->wanted < to->seen + count) {
            const uint64_t skipped = to->wanted > to->seen ? to->wanted - to->seen : 0;

            look_at(to, others[skipped], number);
            set_wanted(to);
        }
    } else {
        for (uint64_t k = 0; k < count; k++) {
            look_at(to, others[k], number);
        }
    }
    to->seen += count;
}

static void
walk_part(walk *to, const uint32_t *a, uint32_t *out, size_t start, size_t end, int bit)
{
    const size_t ones = start + ((size_t) 1 << bit);
    size_t zero = start, one = ones;

    for (size_t i = start; i < end; i++) {
        if (a[i] >> bit & 1) {
            out[one++] = a[i];
        } else {
            out[zero++] = a[i];
            if (one > ones &&
                (to->stretch <= 0.0 || to->wanted < to->seen + (one - ones))) {
                pass(to, out + ones, one - ones, a[i]);
            } else {
                to->seen += one - ones;
            }
        }
    }
}

size_t
nrdi_slopes_between(nrdi_slopes *own, uint64_t pairs, size_t count, uint64_t round)
{
    walk to = {.own = own, .count = count};
    uint32_t *a = own->place, *out = own->other, *kept;
    const size_t n = own->n;

    to.stretch = count > 0 ? (double) pairs / (double) count : 0.0;
    nrd_random_start(&to.rng, 0, round, 0);
    set_wanted(&to);
    for (size_t i = 0; i < n; i++) {
        own->between[own->low[i]] = (uint32_t) i;
    }
    for (size_t i = 0; i < n; i++) {
        a[i] = own->between[own->high[i]];
    }
    for (int bit = 63 - __builtin_clzll(n - 1); bit >= 0; bit--) {
        const size_t step = (size_t) 2 << bit;

        for (size_t start = 0; start < n; start += step) {
            walk_part(&to, a, out, start, n - start > step ? start + step : n, bit);
        }
        kept = a;
        a = out;
        out = kept;
    }
    return to.made;
}
