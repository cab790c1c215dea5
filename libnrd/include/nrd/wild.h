#ifndef NRD_WILD_H
#define NRD_WILD_H

#include <nrd/sandwich.h>
#include <nrd/status.h>

/* cffi: begin */

/** What the residuals of a cluster are multiplied by. */
typedef enum {
    NRD_WILD_RADEMACHER = 0, /* -1 or 1 */
    NRD_WILD_WEBB = 1        /* one of the roots of 1/2, 1 and 3/2, or its negative */
} nrd_wild_draw;

/** How the wild bootstrap of clusters is done. */
typedef struct {
    const int32_t *cluster; /* as in nrd_cluster_options */
    nrd_wild_draw draw;
    int restricted;      /* 1: residuals as if the coefficient had the value tested */
    uint64_t replicates; /* at least 1 */
    uint64_t seed;
    double null;  /* the value tested */
    double level; /* of the interval, in (0, 1) */
    int threads;  /* as in nrd_thread_count */
} nrd_wild_options;

/** What is found of a coefficient; NaN where there is no regression or no variance. */
typedef struct {
    double statistic; /* t: estimate less null, over the standard error NRD_CR_1S */
    double p;         /* share of replicates whose t is as large in size, or larger */
    double low;       /* the interval: values that are not rejected; may be infinite */
    double high;
    uint64_t clusters;
    uint64_t replicates; /* as asked for, or all there are where these are not more */
    int enumerated;      /* 1: all there are */
} nrd_wild;

/**
 * Tests and intervals of coefficients by the wild bootstrap of clusters.
 *
 * Where there are not more sets of multipliers than `replicates`, all are enumerated and p
 * is a share of them; else it is (1 + those as large) / (1 + replicates). A t within 2^-36
 * of that of the rows counts as equal. The interval is found by inverting the test with the
 * same multipliers: from the estimate outward to the first value rejected. Where none is,
 * as with few clusters, it is infinite.
 *
 * Replicate r of regression g takes its multipliers, cluster by cluster, from the stream
 * (seed, r, g): no number of threads changes a bit, nor an order of rows within clusters.
 *
 * @param[in]  rows    the rows of the regressions
 * @param[in]  options clusters, multipliers and replicates
 * @param[out] out     groups x k results; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      an array is NULL
 * @retval NRD_E_SIZE      k is 0, or the offsets do not rise
 * @retval NRD_E_DOMAIN    an option out of its range, a row without cluster, clusters that
 *                         do not rise, or a regression in one cluster
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *rows->stop became other than 0
 *
 * Source: A. C. Cameron, J. B. Gelbach, D. L. Miller, Rev. Econ. Stat. 90 (2008) 414-427;
 * M. D. Webb, Canad. J. Econ. 56 (2023) 839-858; D. Roodman, M. O. Nielsen, J. G.
 * MacKinnon, M. D. Webb, Stata J. 19 (2019) 4-60.
 */
NRD_API NRD_NODISCARD nrd_status nrd_wild_cluster(const nrd_regression_rows *rows,
    const nrd_wild_options *options, nrd_wild *out, nrd_error *err);

/* cffi: end */

#endif
