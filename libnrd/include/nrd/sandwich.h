#ifndef NRD_SANDWICH_H
#define NRD_SANDWICH_H

#include <nrd/moments.h>
#include <nrd/status.h>

/* cffi: begin */

/**
 * The rows of regressions of k coefficients, and what nrd_regression_fit found of each.
 *
 * Nothing is copied or owned. No value may be missing. Results of a regression that was not
 * fitted (a coefficient is NaN), or that leaves no degrees of freedom, are NaN. Where units
 * have an intercept each the rows are what is left around the means of units; n - k below
 * is then less these intercepts, too.
 */
typedef struct {
    size_t groups;              /* regressions */
    size_t coefficients;        /* k, at least 1 */
    const uint64_t *offset;     /* regression g has the rows offset[g] .. offset[g+1]-1 */
    const double *const *x;     /* k columns; NULL stands for one of ones */
    const double *const *x_low; /* what their rounding left, or NULL, also for a column */
    const double *y;            /* what is regressed */
    const double *weight; /* of each row, or NULL; one of 0 keeps its time and cluster */
    nrd_weights weights;  /* what they mean */
    const double *coefficient;     /* groups x k */
    const double *coefficient_low; /* groups x k, what their rounding left */
    const double *factor;          /* groups x k x k, lower triangle L with ones: */
    const double *factor_low;      /*   (X' W X)^-1 = L' D L */
    const double *pivot;           /* groups x k, D^-1 */
    const uint64_t *absorbed;      /* intercepts that were taken out of the rows of each
                                    *   regression; NULL where none were */
    const int *stop; /* where it is not NULL and becomes other than 0 a call ends soon */
} nrd_regression_rows;

/** What a squared residual is multiplied by, h being the leverage of its row. */
typedef enum {
    NRD_HC_0 = 0, /* 1 */
    NRD_HC_1 = 1, /* n / (n - k) */
    NRD_HC_2 = 2, /* 1 / (1 - h) */
    NRD_HC_3 = 3  /* 1 / (1 - h)^2 */
} nrd_hc;

/** What the residuals e of a cluster of rows become, H being its part of the hat matrix. */
typedef enum {
    NRD_CR_0 = 0,  /* e */
    NRD_CR_1 = 1,  /* sqrt(G / (G - 1)) e, of G clusters */
    NRD_CR_1S = 2, /* sqrt(G / (G - 1) * (n - 1) / (n - k)) e */
    NRD_CR_2 = 3,  /* (I - H)^(-1/2) e */
    NRD_CR_3 = 4   /* (I - H)^-1 e */
} nrd_cr;

/** Weight of a lag; z is the lag divided by the bandwidth. */
typedef enum {
    NRD_KERNEL_BARTLETT = 0,           /* 1 - z below 1 */
    NRD_KERNEL_PARZEN = 1,             /* 1 - 6 z^2 + 6 z^3, from 1/2 on 2 (1 - z)^3 */
    NRD_KERNEL_QUADRATIC_SPECTRAL = 2, /* 3 (sin(a) / a - cos(a)) / a^2, a = 6 pi z / 5 */
    NRD_KERNEL_TUKEY_HANNING = 3,      /* (1 + cos(pi z)) / 2 below 1 */
    NRD_KERNEL_TRUNCATED = 4           /* 1 up to 1 */
} nrd_kernel;

/** Degrees of freedom of the t distribution of a coefficient. */
typedef enum {
    NRD_DF_RESIDUAL = 0,     /* n - k; of clusters G - 1 */
    NRD_DF_SATTERTHWAITE = 1 /* 2 E(v)^2 / Var(v) of its variance v, if errors were
                              * independent and normal, of variance 1 / weight */
} nrd_df;

/** What the covariance is multiplied by; it is too small where there are few rows. */
typedef enum {
    NRD_HAC_AS_IS = 0,
    NRD_HAC_ROWS = 1,    /* n / (n - k) */
    NRD_HAC_UNBIASED = 2 /* what makes each variance right on average, if errors were
                          * independent, of variance 1 / weight */
} nrd_hac_adjust;

/** How a covariance that allows for serial correlation is estimated. NRD_HAC_UNBIASED and
 * NRD_DF_SATTERTHWAITE need a bandwidth that is given, and no prewhitening. */
typedef struct {
    nrd_kernel kernel;
    double bandwidth; /* more than 0, at most n; NaN: by the rule of Newey and West */
    int prewhiten;    /* 1: a vector autoregression of order 1 is taken out, and put back */
    nrd_hac_adjust adjust;
    nrd_df df;
} nrd_hac_options;

/** How a covariance that allows for correlation within clusters is estimated. */
typedef struct {
    const int32_t *cluster; /* of each row, rising in a regression; below 0 is missing */
    nrd_cr kind;
    nrd_df df;
} nrd_cluster_options;

/**
 * Covariance of coefficients whose errors differ in variance.
 *
 * The residuals, and what each row adds to a coefficient, are computed in twice the digits;
 * their products are summed so that no order of rows or number of threads changes a bit.
 * With weights, h is the leverage in the weighted regression. Frequencies count rows; the
 * others weight them.
 *
 * @param[in]  rows    the rows of the regressions
 * @param[in]  kind    what is made of the residuals
 * @param[in]  threads as in nrd_thread_count
 * @param[out] out     groups x k x k covariances; written only on success
 * @param[out] df_out  groups x k degrees of freedom, n - k; likewise
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_SIZE   k is 0, or the offsets do not rise
 * @retval NRD_E_DOMAIN the kind is not one of them; HC2 and HC3 meet a row whose leverage
 * is 1, or rows without intercepts that they had
 * @retval NRD_E_MEMORY no memory left
 * @retval NRD_E_CANCELLED *rows->stop became other than 0
 *
 * Source: J. G. MacKinnon, H. White, J. Econometrics 29 (1985) 305-325.
 */
NRD_API NRD_NODISCARD nrd_status nrd_sandwich_hc(const nrd_regression_rows *rows,
    nrd_hc kind, int threads, double *out, double *df_out, nrd_error *err);

/**
 * Covariance of coefficients whose errors are correlated with those soon after: the rows
 * of each regression are in the order of time.
 *
 * Sums are taken in that order, in twice the digits; no number of threads changes a bit.
 * A rule chooses the bandwidth from the residuals of all columns but those of ones; with
 * the kernel of Bartlett it is rounded to a number of lags, plus 1, as in NeweyWest of R.
 *
 * @param[in]  rows          the rows of the regressions, without frequencies
 * @param[in]  options       kernel, bandwidth and corrections
 * @param[in]  threads       as in nrd_thread_count
 * @param[out] out           groups x k x k covariances; written only on success
 * @param[out] df_out        groups x k degrees of freedom; likewise
 * @param[out] bandwidth_out bandwidth of each group; likewise
 * @param[out] err           reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_SIZE   k is 0, or the offsets do not rise
 * @retval NRD_E_DOMAIN frequencies; an option out of its range, or a bandwidth above the
 *                      number of rows (the row is the first of the regression); a rule for
 *                      a kernel that has none; or scores that leave nothing to prewhiten
 * @retval NRD_E_MEMORY no memory left
 * @retval NRD_E_CANCELLED *rows->stop became other than 0
 *
 * Source: W. K. Newey, K. D. West, Econometrica 55 (1987) 703-708, and Rev. Econ. Stud. 61
 * (1994) 631-653; D. W. K. Andrews, J. C. Monahan, Econometrica 60 (1992) 953-966.
 */
NRD_API NRD_NODISCARD nrd_status nrd_sandwich_hac(const nrd_regression_rows *rows,
    const nrd_hac_options *options, int threads, double *out, double *df_out,
    double *bandwidth_out, nrd_error *err);

/**
 * Covariance of coefficients whose errors are correlated within clusters.
 *
 * Sums are as in nrd_sandwich_hc. Clusters of two ways: the covariance by the
 * one, plus that by the other, less that by both at once. With weights, CR2 and CR3 are
 * those of the rows times the roots of their weights: errors are taken to have the variance
 * 1 / weight. What a cluster alone decides (a leverage of 1) is left out: it is not known.
 * Intercepts that were taken out change nothing in CR2 and CR3 if all rows of a unit are in
 * one cluster.
 *
 * @param[in]  rows    the rows of the regressions
 * @param[in]  options clusters and corrections
 * @param[in]  threads as in nrd_thread_count
 * @param[out] out     groups x k x k covariances; written only on success
 * @param[out] df_out  groups x k degrees of freedom; likewise
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_SIZE   k is 0, or the offsets do not rise
 * @retval NRD_E_DOMAIN an option out of its range, a row without cluster, clusters that do
 *                      not rise, or a regression in one cluster
 * @retval NRD_E_MEMORY no memory left
 * @retval NRD_E_CANCELLED *rows->stop became other than 0
 *
 * Source: R. M. Bell, D. F. McCaffrey, Survey Methodology 28 (2002) 169-181; J. E.
 * Pustejovsky, E. Tipton, J. Bus. Econ. Stat. 36 (2018) 672-683; A. C. Cameron, J. B.
 * Gelbach, D. L. Miller, J. Bus. Econ. Stat. 29 (2011) 238-249.
 */
NRD_API NRD_NODISCARD nrd_status nrd_sandwich_cluster(const nrd_regression_rows *rows,
    const nrd_cluster_options *options, int threads, double *out, double *df_out,
    nrd_error *err);

/* cffi: end */

#endif
