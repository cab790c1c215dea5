/* Columns in order, and Spearman's rho. */

#include "correlation_private.h"

#include <math.h>

#include "bootstrap_private.h"
#include "permutation_private.h"
#include "status_private.h"

/* Up to here products of ranks add up in 63 bits. */
#define SHORT_ROWS ((size_t) 1 << 20)

int
nrdi_correlation_is_ordered(const nrd_correlation_options *options)
{
    const nrd_correlation_method method = options->method;

    return options->relation == NRD_RELATION_ROWS &&
           (method == NRD_CORRELATION_SPEARMAN || method == NRD_CORRELATION_KENDALL ||
               method == NRD_CORRELATION_DISTANCE || method == NRD_CORRELATION_XI ||
               method == NRD_CORRELATION_DISTANCE_CENTRED);
}

void
nrdi_ordered_free(nrdi_ordered *column)
{
    nrdi_free(column->order);
    nrdi_free(column->level);
    nrdi_free(column->rank);
    column->order = column->level = NULL;
    column->rank = NULL;
}

/* Ranks and sums over groups of equal values, whose rows are counted. */
static void
set_ranks(nrdi_ordered *column, size_t n, int64_t *count)
{
    for (size_t i = 0; i < n; i++) {
        count[column->level[i]]++;
    }
    column->tied = column->threes = column->variance = 0;
    for (size_t g = 0; g < column->levels; g++) {
        const nrdi_int128 t = count[g], pairs = t * (t - 1);

        column->tied += pairs;
        column->threes += pairs * (t - 2);
        column->variance += pairs * (2 * t + 5);
    }
    column->squares = nrdi_rank_groups(count, column->levels, (int64_t) n);
    for (size_t i = 0; i < n; i++) {
        column->rank[i] = (int32_t) count[column->level[i]];
    }
}

nrd_status
nrdi_ordered_make(nrdi_ordered *column, size_t n)
{
    int64_t *count = nrdi_malloc(n + 1, sizeof *count);
    nrd_status status = NRD_E_MEMORY;

    column->order = nrdi_malloc(n + 1, sizeof *column->order);
    column->level = nrdi_malloc(n + 1, sizeof *column->level);
    column->rank = nrdi_malloc(n + 1, sizeof *column->rank);
    column->levels = 0;
    if (count != NULL && column->order != NULL && column->level != NULL &&
        column->rank != NULL) {
        status = n == 0 ? NRD_OK
                        : nrdi_permutation_levels(column->value, n, 1, column->order,
                              column->level, &column->levels);
    }
    if (status == NRD_OK && n > 0) {
        set_ranks(column, n, count);
    }
    nrdi_free(count);
    return status;
}

nrd_status
nrdi_whole_weights(const double *weight, size_t n, int64_t *out)
{
    nrd_exact sum;
    int exponent;

    nrd_exact_init(&sum);
    NRDI_TRY(nrd_exact_add_array(&sum, weight, n, 1, NULL));
    (void) frexp(nrd_exact_round(&sum), &exponent);
    for (size_t i = 0; i < n; i++) {
        out[i] = (int64_t) llrint(ldexp(weight[i], 61 - exponent));
    }
    return NRD_OK;
}

/* Ranks of rows with weights: the weight below a value, and sum_{k<l} w_k w_l / sum w_k of
 * the rows that share it. */
static void
rank_weighted(const nrdi_ordered *column, size_t n, const int64_t *weight, double *out)
{
    int64_t below = 0;
    size_t end;

    for (size_t i = 0; i < n; i = end) {
        const uint32_t level = column->level[column->order[i]];
        nrdi_int128 squares = 0, sum = 0, above;
        double rank;

        for (end = i; end < n && column->level[column->order[end]] == level; end++) {
            const nrdi_int128 w = weight[column->order[end]];

            sum += w;
            squares += w * w;
        }
        above = (sum * sum - squares) / 2 + sum * below;
        rank = sum == 0 ? (double) below : (double) above / (double) sum;
        for (size_t k = i; k < end; k++) {
            out[column->order[k]] = rank;
        }
        below += (int64_t) sum;
    }
}

static nrd_status
correlate_weighted(const nrdi_pair *pair, nrd_correlation *out)
{
    double *ranks = nrdi_malloc(pair->n, 2 * sizeof *ranks);
    int64_t *weight = nrdi_malloc(pair->n, sizeof *weight);
    nrd_status status = NRD_E_MEMORY;

    if (ranks != NULL && weight != NULL) {
        status = nrdi_whole_weights(pair->weight, pair->n, weight);
    }
    if (status == NRD_OK) {
        rank_weighted(pair->column[0], pair->n, weight, ranks);
        rank_weighted(pair->column[1], pair->n, weight, ranks + pair->n);
        status = nrdi_correlate_moments(pair, ranks, ranks + pair->n, out);
    }
    nrdi_free(ranks);
    nrdi_free(weight);
    return status;
}

nrd_status
nrdi_correlate_ranks(const nrdi_pair *pair, nrd_correlation *out)
{
    const nrdi_ordered *x = pair->column[0], *y = pair->column[1];
    nrdi_int128 sum = 0;
    int64_t part = 0;

    if (pair->weight != NULL) {
        return correlate_weighted(pair, out);
    }
    for (size_t i = 0; i < pair->n; i++) {
        part += (int64_t) x->rank[i] * y->rank[i];
        if (i % SHORT_ROWS == SHORT_ROWS - 1) {
            sum += part;
            part = 0;
        }
    }
    out->estimate = nrdi_over_root(nrdi_twofold_of(sum + part), nrdi_twofold_of(x->squares),
        nrdi_twofold_of(y->squares));
    return NRD_OK;
}
