/* Kendall's tau-b of columns in order, with weights or without. */

#include "correlation_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap_private.h"
#include "kendall_private.h"
#include "status_private.h"

/* A row on its way through the merges. */
typedef struct {
    uint32_t level;
    int64_t weight;
} weighed;

static int
compare_weighed(const void *a, const void *b)
{
    const uint32_t x = ((const weighed *) a)->level, y = ((const weighed *) b)->level;

    return (x > y) - (x < y);
}

static nrdi_int128
merge_weighed(const weighed *from, size_t left, size_t both, weighed *out)
{
    nrdi_int128 exchanges = 0, rest = 0;
    size_t i = 0, k = left, at = 0;

    for (size_t j = 0; j < left; j++) {
        rest += from[j].weight;
    }
    while (i < left && k < both) {
        if (from[k].level < from[i].level) {
            exchanges += rest * from[k].weight;
            out[at++] = from[k++];
        } else {
            rest -= from[i].weight;
            out[at++] = from[i++];
        }
    }
    memcpy(out + at, from + i, (left - i) * sizeof *out);
    memcpy(out + at + (left - i), from + k, (both - k) * sizeof *out);
    return exchanges;
}

static nrdi_int128
exchange_weighed(weighed *rows, weighed *spare, size_t n)
{
    nrdi_int128 exchanges = 0;

    for (size_t width = 1; width < n; width *= 2) {
        weighed *swap = rows;

        for (size_t i = 0; i < n; i += 2 * width) {
            const size_t both = n - i < 2 * width ? n - i : 2 * width;

            exchanges +=
                merge_weighed(rows + i, width < both ? width : both, both, spare + i);
        }
        rows = spare;
        spare = swap;
    }
    return exchanges;
}

/* Standard deviation of tau-b under independence, with ties. */
static double
null_error(const nrdi_ordered *x, const nrdi_ordered *y, size_t n)
{
    const double rows = (double) n, pairs = rows * (rows - 1.0);
    const double first =
        (pairs * (2.0 * rows + 5.0) - (double) x->variance - (double) y->variance) / 18.0;
    const double second = (double) x->tied * (double) y->tied / (2.0 * pairs);
    const double third =
        n > 2 ? (double) x->threes * (double) y->threes / (9.0 * pairs * (rows - 2.0))
              : 0.0;
    const double untied_x = (pairs - (double) x->tied) / 2.0;
    const double untied_y = (pairs - (double) y->tied) / 2.0;

    return sqrt((first + second + third) / (untied_x * untied_y));
}

/* Rows in the order of y, and those of one y in the order of x. */
static void
order_by_y(
    const nrdi_ordered *x, const nrdi_ordered *y, size_t n, uint32_t *next, uint32_t *rows)
{
    for (size_t i = n; i-- > 0;) {
        next[y->level[y->order[i]]] = (uint32_t) i;
    }
    for (size_t i = 0; i < n; i++) {
        rows[next[y->level[x->order[i]]]++] = x->order[i];
    }
}

/* Twice the pairs of rows, in that order, that are equal in x and y. */
static nrdi_int128
tied_in_both(const nrdi_ordered *x, const nrdi_ordered *y, size_t n, const uint32_t *rows)
{
    nrdi_int128 same = 0;

    for (size_t i = 1, first = 0; i < n; i++) {
        const int equal = x->level[rows[i]] == x->level[rows[i - 1]] &&
                          y->level[rows[i]] == y->level[rows[i - 1]];

        first = equal ? first : i;
        same += (nrdi_int128) (2 * (i - first));
    }
    return same;
}

/* The places that rows in the order of y have in that of x, and those of equal x by y: ties
 * are no inversions then. */
static void
set_places(
    const nrdi_ordered *x, size_t n, const uint32_t *rows, uint32_t *next, uint32_t *place)
{
    for (size_t i = n; i-- > 0;) {
        next[x->level[x->order[i]]] = (uint32_t) i;
    }
    for (size_t i = 0; i < n; i++) {
        place[i] = next[x->level[rows[i]]]++;
    }
}

nrd_status
nrdi_tau_of(
    const nrdi_ordered *x, const nrdi_ordered *y, size_t n, double *tau_out, double *se_out)
{
    uint32_t *memory = nrdi_malloc(n, 3 * sizeof *memory);
    uint32_t *place = memory, *other = memory + n, *sorted = memory + 2 * n;
    const nrdi_int128 pairs = (nrdi_int128) n * ((nrdi_int128) n - 1);
    const uint32_t *rows = y->order;
    nrdi_int128 same = 0, score;

    if (memory == NULL) {
        return NRD_E_MEMORY;
    }
    if (y->levels < n) {
        order_by_y(x, y, n, other, sorted);
        same = tied_in_both(x, y, n, sorted);
        rows = sorted;
    }
    if (x->levels < n) {
        set_places(x, n, rows, other, place);
    }
    for (size_t i = 0; i < n && x->levels == n; i++) {
        place[i] = x->level[rows[i]];
    }
    /* Twice the pairs in order less those in the wrong one. */
    score = pairs - x->tied - y->tied + same -
            4 * (nrdi_int128) nrdi_inversions(place, other, n);
    *tau_out = nrdi_over_root(nrdi_twofold_of(score), nrdi_twofold_of(pairs - x->tied),
        nrdi_twofold_of(pairs - y->tied));
    *se_out = null_error(x, y, n);
    nrdi_free(memory);
    return NRD_OK;
}

/* Twice the sum of w_k w_l over pairs of rows, in an order of levels, that have the same.
 */
static nrdi_int128
tied_weight(const weighed *rows, size_t n)
{
    nrdi_int128 out = 0, sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum = i > 0 && rows[i].level == rows[i - 1].level ? sum : 0;
        out += 2 * sum * rows[i].weight;
        sum += rows[i].weight;
    }
    return out;
}

/* The same of the levels of a column. */
static nrdi_int128
tied_in(const nrdi_ordered *column, const int64_t *weight, weighed *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t row = column->order[i];

        rows[i] = (weighed){column->level[row], weight[row]};
    }
    return tied_weight(rows, n);
}

/* Rows in the order of x, and of y where x is the same; the result is twice the weight of
 * pairs with equal x and y. */
static nrdi_int128
order_by_both(const nrdi_ordered *x, const nrdi_ordered *y, const int64_t *weight,
    weighed *rows, size_t n)
{
    nrdi_int128 same = 0;
    size_t end;

    for (size_t i = 0; i < n; i++) {
        rows[i] = (weighed){y->level[x->order[i]], weight[x->order[i]]};
    }
    for (size_t i = 0; i < n; i = end) {
        const uint32_t level = x->level[x->order[i]];

        for (end = i; end < n && x->level[x->order[end]] == level; end++) {
        }
        qsort(rows + i, end - i, sizeof *rows, compare_weighed);
        same += tied_weight(rows + i, end - i);
    }
    return same;
}

static nrd_status
correlate_weighted(const nrdi_pair *pair, nrd_correlation *out)
{
    const nrdi_ordered *x = pair->column[0], *y = pair->column[1];
    const size_t n = pair->n;
    weighed *rows = nrdi_malloc(n, 2 * sizeof *rows);
    int64_t *weight = nrdi_malloc(n, sizeof *weight);
    nrd_status status = NRD_E_MEMORY;
    nrdi_int128 sum = 0, pairs = 0, tied_x, tied_y, score;

    if (rows != NULL && weight != NULL) {
        status = nrdi_whole_weights(pair->weight, n, weight);
    }
    if (status == NRD_OK) {
        for (size_t i = 0; i < n; i++) {
            pairs += 2 * sum * weight[i];
            sum += weight[i];
        }
        tied_x = tied_in(x, weight, rows, n);
        tied_y = tied_in(y, weight, rows, n);
        score = pairs - tied_x - tied_y + order_by_both(x, y, weight, rows, n);
        score -= 4 * exchange_weighed(rows, rows + n, n);
        out->estimate = nrdi_over_root(nrdi_twofold_of(score),
            nrdi_twofold_of(pairs - tied_x), nrdi_twofold_of(pairs - tied_y));
        out->null_se = 2.0 / (3.0 * sqrt(out->effective_n));
    }
    nrdi_free(rows);
    nrdi_free(weight);
    return status;
}

nrd_status
nrdi_correlate_tau(const nrdi_pair *pair, nrd_correlation *out)
{
    return pair->weight != NULL ? correlate_weighted(pair, out)
                                : nrdi_tau_of(pair->column[0], pair->column[1], pair->n,
                                      &out->estimate, &out->null_se);
}
