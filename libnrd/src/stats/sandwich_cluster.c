/* Covariances of coefficients whose errors are correlated within clusters.
 *
 * All that a cluster of many rows needs is k x k: with Q of orthonormal columns and H = Q
 * Q', (I - H)^a is I + Q ((I - S)^a - I) S^-1 Q' on the rows of a cluster, S = Q' Q of
 * these rows. */

#include "sandwich_private.h"

#include <math.h>

#include "status_private.h"

/* Room for what is found of each cluster, behind each other: c clusters. */
typedef struct {
    size_t c;
    double *score;     /* k x c, what the rows of a cluster do to a coefficient */
    double *values;    /* c x k, eigenvalues of S */
    double *vectors;   /* c x k x k, eigenvectors as rows */
    double *seen;      /* k x c, see set_df */
    double *own_trace; /* c */
    double *seen_size; /* c */
    double *effect;    /* k x k, see nrdi_fitted_effect */
    double *matrix;    /* k x k */
    double *sum;       /* k */
} room;

#define COLUMNS_OF_A_CLUSTER(k) ((k) * (k) + 3 * (k) + 2)
#define SPARE(k) (2 * (k) * (k) + (k))

static room
room_in(const nrdi_fitted *own, size_t c)
{
    const size_t k = own->k;
    room out = {.c = c, .score = own->spare};

    out.values = out.score + k * c;
    out.vectors = out.values + k * c;
    out.seen = out.vectors + k * k * c;
    out.own_trace = out.seen + k * c;
    out.seen_size = out.own_trace + c;
    out.effect = out.seen_size + c;
    out.matrix = out.effect + k * k;
    out.sum = out.matrix + k * k;
    return out;
}

double
nrdi_cluster_sum(
    const nrdi_fitted *own, const double *x, const double *y, size_t begin, size_t end)
{
    const double *weight = own->rows->weight;

    return nrdi_sum_products(x + begin, y + begin,
        weight != NULL ? weight + own->first + begin : NULL, end - begin);
}

/* Eigenvalues of S, between 0 and 1: shares of the fit that the cluster decides. */
static void
decompose(const nrdi_fitted *own, size_t begin, size_t end, const room *in, size_t c)
{
    const double *pivot = nrdi_fitted_pivot(own);
    const size_t k = own->k, n = own->n;

    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++) {
            const double sum =
                nrdi_cluster_sum(own, own->part + i * n, own->part + j * n, begin, end);

            in->matrix[i * k + j] = in->matrix[j * k + i] =
                sum / sqrt(pivot[i]) / sqrt(pivot[j]);
        }
    }
    nrdi_eigen(in->matrix, k, in->values + c * k, in->vectors + c * k * k);
}

/* Factor of the residuals along an eigenvector. Where the cluster alone decides, they are
 * 0 and say nothing. */
static double
stretch(nrd_cr kind, double value)
{
    const double left = 1.0 - value;

    if (kind < NRD_CR_2) {
        return 1.0;
    }
    return left < NRDI_NO_ROOM ? 0.0 : kind == NRD_CR_2 ? 1.0 / sqrt(left) : 1.0 / left;
}

/* Add to the scores of a cluster what its residuals gain. */
static void
correct(
    const nrdi_fitted *own, nrd_cr kind, size_t begin, size_t end, const room *in, size_t c)
{
    const double *pivot = nrdi_fitted_pivot(own);
    const size_t k = own->k;

    for (size_t j = 0; j < k; j++) {
        in->sum[j] =
            nrdi_cluster_sum(own, own->part + j * own->n, own->residual, begin, end) /
            sqrt(pivot[j]);
    }
    for (size_t i = 0; i < k; i++) {
        const double *vector = in->vectors + (c * k + i) * k;
        double along = 0.0;

        for (size_t j = 0; j < k; j++) {
            along = fma(vector[j], in->sum[j], along);
        }
        along *= stretch(kind, in->values[c * k + i]) - 1.0;
        for (size_t j = 0; j < k; j++) {
            double effect = 0.0;

            for (size_t m = 0; m < k; m++) {
                effect = fma(in->effect[j * k + m], vector[m], effect);
            }
            in->score[j * in->c + c] = fma(effect, along, in->score[j * in->c + c]);
        }
    }
}

/* A variance of a coefficient is a sum of squares of one number a cluster, which are
 * correlated: their covariances are diag(m) - R R', where R has the rows r of each cluster,
 * m = sum of value * along^2 and r = vectors' (value * along). */
static void
see_cluster(
    const nrdi_fitted *own, nrd_cr kind, size_t coefficient, const room *in, size_t c)
{
    const size_t k = own->k;
    double alone = 0.0, size = 0.0;

    for (size_t j = 0; j < k; j++) {
        in->seen[j * in->c + c] = 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        const double *vector = in->vectors + (c * k + i) * k;
        const double value = in->values[c * k + i];
        double along = 0.0;

        for (size_t m = 0; m < k; m++) {
            along = fma(in->effect[coefficient * k + m], vector[m], along);
        }
        along *= stretch(kind, value);
        alone = fma(value * (1.0 - value), along * along, alone);
        size = fma(value * along, value * along, size);
        for (size_t j = 0; j < k; j++) {
            in->seen[j * in->c + c] =
                fma(value * along, vector[j], in->seen[j * in->c + c]);
        }
    }
    in->own_trace[c] = alone;
    in->seen_size[c] = size;
}

/* Twice the squared mean over the variance: of a sum of correlated squares that is the
 * squared trace of the covariances over the sum of their squares. */
static double
satterthwaite(const nrdi_fitted *own, nrd_cr kind, size_t coefficient, const room *in)
{
    const size_t k = own->k;
    double trace, squares;

    for (size_t c = 0; c < in->c && !nrdi_rows_stopped(own->rows); c++) {
        see_cluster(own, kind, coefficient, in, c);
    }
    nrdi_cross_products(own, in->seen, in->c, 1.0, in->matrix);
    squares = nrdi_sum_products(in->matrix, in->matrix, NULL, k * k) -
              nrdi_sum_products(in->seen_size, in->seen_size, NULL, in->c) +
              nrdi_sum_products(in->own_trace, in->own_trace, NULL, in->c);
    for (size_t c = 0; c < in->c; c++) {
        in->seen_size[c] = 1.0;
    }
    trace = nrdi_sum_products(in->own_trace, in->seen_size, NULL, in->c);
    return trace * trace / squares;
}

static size_t
end_of(const int32_t *cluster, size_t begin, size_t n)
{
    size_t end = begin + 1;

    while (end < n && cluster[end] == cluster[begin]) {
        end++;
    }
    return end;
}

size_t
nrdi_cluster_end(const nrdi_fitted *own, const int32_t *cluster, size_t begin)
{
    return end_of(cluster + own->first, begin, own->n);
}

static size_t
count_clusters(const int32_t *cluster, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i = end_of(cluster, i, n)) {
        count++;
    }
    return count;
}

size_t
nrdi_clusters_count(const nrdi_fitted *own, const int32_t *cluster, nrd_error *err)
{
    const size_t count = count_clusters(cluster + own->first, own->n);

    if (count < 2) {
        (void) nrdi_fail(err, NRD_E_DOMAIN, own->first,
            "all rows of the regression are in one cluster, expected at least 2");
        return 0;
    }
    return count;
}

double
nrdi_cluster_factor(const nrdi_fitted *own, nrd_cr kind, size_t clusters)
{
    const double c = (double) clusters, n = own->counted;
    const double more = kind == NRD_CR_1S ? (n - 1.0) / own->df : 1.0;

    return kind == NRD_CR_1 || kind == NRD_CR_1S ? c / (c - 1.0) * more : 1.0;
}

static nrd_status
work(const nrdi_each *each, nrdi_fitted *own, nrd_error *err)
{
    const nrd_cluster_options *options = each->options;
    const int whole = options->kind >= NRD_CR_2 || options->df == NRD_DF_SATTERTHWAITE;
    const size_t k = own->k, n = own->n;
    const room in = room_in(own, nrdi_clusters_count(own, options->cluster, err));
    size_t c = 0;

    if (in.c == 0) {
        return NRD_E_DOMAIN;
    }
    nrdi_fitted_fill(own);
    nrdi_fitted_effect(own, in.effect);
    for (size_t i = 0, end; i < n && !nrdi_rows_stopped(own->rows); i = end, c++) {
        end = nrdi_cluster_end(own, options->cluster, i);
        for (size_t j = 0; j < k; j++) {
            in.score[j * in.c + c] =
                nrdi_cluster_sum(own, own->influence + j * n, own->residual, i, end);
        }
        if (whole) {
            decompose(own, i, end, &in, c);
        }
        if (options->kind >= NRD_CR_2) {
            correct(own, options->kind, i, end, &in, c);
        }
    }
    nrdi_cross_products(own, in.score, in.c, nrdi_cluster_factor(own, options->kind, in.c),
        each->covariance + own->group * k * k);
    for (size_t j = 0; j < k; j++) {
        each->df[own->group * k + j] = options->df == NRD_DF_SATTERTHWAITE
                                           ? satterthwaite(own, options->kind, j, &in)
                                           : (double) in.c - 1.0;
    }
    return NRD_OK;
}

static nrd_status
check_options(const nrd_cluster_options *options, nrd_error *err)
{
    if ((int) options->kind < 0 || options->kind > NRD_CR_3) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the kind is %d, expected 0 to 4",
            (int) options->kind);
    }
    if (options->df != NRD_DF_RESIDUAL && options->df != NRD_DF_SATTERTHWAITE) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the kind of degrees of freedom is %d, expected 0 or 1", (int) options->df);
    }
    return NRD_OK;
}

nrd_status
nrdi_clusters_check(const nrd_regression_rows *rows, const int32_t *cluster,
    size_t *most_out, nrd_error *err)
{
    *most_out = 0;
    for (size_t g = 0; g < rows->groups; g++) {
        const size_t begin = (size_t) rows->offset[g], end = (size_t) rows->offset[g + 1];
        size_t count;

        for (size_t i = begin; i < end; i++) {
            if (cluster[i] < 0) {
                return nrdi_fail(err, NRD_E_DOMAIN, i, "the cluster of the row is missing");
            }
            if (i > begin && cluster[i] < cluster[i - 1]) {
                return nrdi_fail(err, NRD_E_DOMAIN, i,
                    "cluster %d follows %d, expected the order of clusters",
                    (int) cluster[i], (int) cluster[i - 1]);
            }
        }
        count = count_clusters(cluster + begin, end - begin);
        *most_out = count > *most_out ? count : *most_out;
    }
    return NRD_OK;
}

nrd_status
nrd_sandwich_cluster(const nrd_regression_rows *rows, const nrd_cluster_options *options,
    int threads, double *out, double *df_out, nrd_error *err)
{
    nrdi_each each = {.rows = rows, .options = options, .work = work};
    size_t most;

    NRDI_TRY(nrdi_rows_check(rows, err));
    if (options == NULL || options->cluster == NULL || out == NULL || df_out == NULL) {
        return nrdi_fail(
            err, NRD_E_NULL, NRD_NO_ROW, "the options, clusters or an output is NULL");
    }
    NRDI_TRY(check_options(options, err));
    NRDI_TRY(nrdi_clusters_check(rows, options->cluster, &most, err));
    each.spare =
        most * COLUMNS_OF_A_CLUSTER(rows->coefficients) + SPARE(rows->coefficients);
    return nrdi_each_run(&each, threads, out, df_out, NULL, err);
}
