/* Chatterjee's xi. Rows of equal x have no order of their own: each order of them counts as
 * much as any other, so that neither the sort nor the order of the rows has a say. */

#include "correlation_private.h"

#include <math.h>
#include <stdlib.h>

#include "status_private.h"

static int
compare_ranks(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;

    return (x > y) - (x < y);
}

/* Mean of the sum of |r - r'| of neighbours over all orders of a group of sorted ranks. */
static void
add_within(const uint32_t *rank, size_t n, nrd_exact *sum)
{
    nrdi_int128 all = 0;

    for (size_t i = 0; i < n; i++) {
        all += (nrdi_int128) rank[i] * (2 * (nrdi_int128) i - (nrdi_int128) n + 1);
    }
    nrd_exact_add(sum, 2.0 * (double) all / (double) n);
}

/* Mean of |r - r'| over the rows of one group and those of the next, both sorted. */
static void
add_between(const uint32_t *rank, size_t n, const uint32_t *next, size_t m, nrd_exact *sum)
{
    nrdi_int128 all = 0, total = 0, below = 0;
    size_t k = 0;

    for (size_t i = 0; i < m; i++) {
        total += next[i];
    }
    for (size_t i = 0; i < n; i++) {
        const nrdi_int128 own = rank[i];

        for (; k < m && next[k] < rank[i]; k++) {
            below += next[k];
        }
        all += own * (2 * (nrdi_int128) k - (nrdi_int128) m) + total - 2 * below;
    }
    nrd_exact_add(sum, (double) all / ((double) n * (double) m));
}

/* Rows up to each value of y, by level. */
static void
count_up_to(const nrdi_ordered *y, size_t n, uint32_t *out)
{
    for (size_t g = 0; g < y->levels; g++) {
        out[g] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        out[y->level[y->order[i]]] = (uint32_t) (i + 1);
    }
}

/* Mean sum of |r - r'| of rows that follow each other in the order of x. */
static double
sum_of_steps(const nrdi_ordered *x, const nrdi_ordered *y, size_t n, const uint32_t *up_to,
    uint32_t *rank)
{
    nrd_exact sum;
    size_t first = 0, before = 0, end;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        rank[i] = up_to[y->level[x->order[i]]];
    }
    for (size_t i = 0; i < n; i = end) {
        const uint32_t level = x->level[x->order[i]];

        for (end = i + 1; end < n && x->level[x->order[end]] == level; end++) {
        }
        if (end - i > 1) {
            qsort(rank + i, end - i, sizeof *rank, compare_ranks);
            add_within(rank + i, end - i, &sum);
        }
        if (i > 0) {
            add_between(rank + before, i - first, rank + i, end - i, &sum);
        }
        first = before = i;
    }
    return nrd_exact_round(&sum);
}

/* Sum of l (n - l), l being the rows with a y as great or greater. */
static nrdi_int128
sum_of_shares(const nrdi_ordered *y, size_t n, const uint32_t *up_to)
{
    nrdi_int128 out = 0;

    for (size_t g = 0, before = 0; g < y->levels; g++) {
        out += (nrdi_int128) (up_to[g] - before) * (nrdi_int128) before *
               (nrdi_int128) (n - before);
        before = up_to[g];
    }
    return out;
}

/* Standard deviation under independence; with ties in y theorem 2.2 of the source. */
static double
null_error(const nrdi_ordered *y, size_t n, const uint32_t *up_to, nrdi_int128 shares)
{
    const double rows = (double) n;
    nrdi_int128 squares = 0, sum = 0, so_far = 0;
    nrd_exact cross;
    double first, second, third;

    if (y->levels == n) {
        return sqrt(0.4 / rows);
    }
    nrd_exact_init(&cross);
    for (size_t i = 0; i < n; i++) {
        const nrdi_int128 u = up_to[y->level[y->order[i]]];
        const nrdi_int128 factor = 2 * (nrdi_int128) (n - 1 - i) + 1;
        double part;

        so_far += u;
        squares += factor * u * u;
        sum += factor * u;
        part = (double) (so_far + (nrdi_int128) (n - 1 - i) * u);
        nrd_exact_add_product(&cross, part, part);
    }
    first = (double) squares / pow(rows, 4.0);
    second = nrd_exact_round(&cross) / pow(rows, 5.0);
    third = (double) sum / pow(rows, 3.0);
    return sqrt((first - 2.0 * second + third * third) / rows) /
           ((double) shares / pow(rows, 3.0));
}

nrd_status
nrdi_correlate_xi(const nrdi_pair *pair, nrd_correlation *out)
{
    const nrdi_ordered *x = pair->column[0], *y = pair->column[1];
    const size_t n = pair->n;
    uint32_t *up_to = nrdi_malloc(n, 2 * sizeof *up_to);
    nrdi_int128 shares;
    double steps;

    if (up_to == NULL) {
        return NRD_E_MEMORY;
    }
    count_up_to(y, n, up_to);
    shares = sum_of_shares(y, n, up_to);
    steps = sum_of_steps(x, y, n, up_to, up_to + n);
    out->estimate = 1.0 - (double) n * steps / (2.0 * (double) shares);
    out->null_se = null_error(y, n, up_to, shares);
    nrdi_free(up_to);
    return NRD_OK;
}

/* What exchanging y needs. */
typedef struct {
    nrdi_exchanged base;
    const nrdi_pair *pair;
    uint32_t *up_to;
    uint32_t *rank;
    nrdi_ordered y; /* as it is in an arrangement: its levels */
    double most;    /* steps that are as few as those of the data */
} exchange;

static void
free_exchange(nrdi_exchanged *base)
{
    exchange *own = (exchange *) base;

    nrdi_free(own->up_to);
    nrdi_free(own->y.level);
    nrdi_free(own);
}

static int
is_extreme(nrdi_exchanged *base, const uint32_t *source)
{
    exchange *own = (exchange *) base;

    for (size_t i = 0; i < own->pair->n; i++) {
        own->y.level[i] = own->pair->column[1]->level[source[i]];
    }
    return sum_of_steps(own->pair->column[0], &own->y, own->pair->n, own->up_to,
               own->rank) <= own->most;
}

nrd_status
nrdi_xi_begin(const nrdi_pair *pair, nrdi_exchanged **out)
{
    const size_t n = pair->n;
    exchange *own = nrdi_malloc(1, sizeof *own);

    if (own == NULL) {
        return NRD_E_MEMORY;
    }
    own->base = (nrdi_exchanged){is_extreme, free_exchange};
    own->pair = pair;
    own->up_to = nrdi_malloc(n, 2 * sizeof *own->up_to);
    own->y.level = nrdi_malloc(n, sizeof *own->y.level);
    if (own->up_to == NULL || own->y.level == NULL) {
        free_exchange(&own->base);
        return NRD_E_MEMORY;
    }
    own->rank = own->up_to + n;
    count_up_to(pair->column[1], n, own->up_to);
    /* Each mean of tied rows is rounded once: sums that are equal in theory are nearer. */
    own->most = sum_of_steps(pair->column[0], pair->column[1], n, own->up_to, own->rank) *
                (1.0 + 0x1p-48);
    *out = &own->base;
    return NRD_OK;
}
