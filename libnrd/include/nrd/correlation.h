#ifndef NRD_CORRELATION_H
#define NRD_CORRELATION_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * What is meant by correlation.
 *
 *   PEARSON           r, within 1 ulp of that of the exact rows
 *   SPEARMAN          r of the average ranks
 *   KENDALL           tau-b
 *   DISTANCE          distance correlation, the root of dCov^2 / sqrt(dVar^2 dVar^2): 0
 * only for independence where rows are many DISTANCE_CENTRED  the same without bias, not
 * rooted, 0 in the mean under independence and negative by chance: of U-centred distances
 *   XI                Chatterjee's xi: how far y is a function of x; not the xi of y and x
 *   WINSORIZED        r after the least and the greatest share of each column were replaced
 *                     by the nearest value that stays
 *   PERCENTAGE_BEND   r of bent deviations from percentage bend locations
 *
 * Source: DISTANCE: G. J. Szekely, M. L. Rizzo, N. K. Bakirov, Ann. Statist. 35 (2007)
 * 2769-2794, and J. Multivariate Anal. 117 (2013) 193-213 without bias, in O(n log n) as X.
 * Huo, G. J. Szekely, Technometrics 58 (2016) 435-447, and A. Chaudhuri, W. Hu, Comput.
 * Statist. Data Anal. 135 (2019) 15-24; XI: S. Chatterjee, J. Amer. Statist. Assoc. 116
 * (2021) 2009-2022; the last two: R. R. Wilcox, Introduction to Robust Estimation and
 * Hypothesis Testing (2012), sections 9.3.1 and 9.3.3.
 */
typedef enum {
    NRD_CORRELATION_PEARSON = 0,
    NRD_CORRELATION_SPEARMAN = 1,
    NRD_CORRELATION_KENDALL = 2,
    NRD_CORRELATION_DISTANCE = 3,
    NRD_CORRELATION_DISTANCE_CENTRED = 4,
    NRD_CORRELATION_XI = 5,
    NRD_CORRELATION_WINSORIZED = 6,
    NRD_CORRELATION_PERCENTAGE_BEND = 7
} nrd_correlation_method;

/** Which part of rows that belong to units is correlated. */
typedef enum {
    NRD_RELATION_ROWS = 0,   /* the rows as they are */
    NRD_RELATION_WITHIN = 1, /* deviations from the means of units: repeated measures */
    NRD_RELATION_BETWEEN = 2 /* the means of units, weighted by their rows */
} nrd_relation;

/** What covariates are taken from. */
typedef enum {
    NRD_PART_BOTH = 0, /* from x and y: partial correlation */
    NRD_PART_X = 1,    /* from x alone: semi-partial */
    NRD_PART_Y = 2     /* from y alone: semi-partial */
} nrd_part;

/** Columns; a NaN is missing. */
typedef struct {
    const double *const *columns; /* n_columns arrays of n values, finite or NaN */
    size_t n_columns;
    size_t n;                 /* rows, at most 2^26 */
    const double *weight;     /* n weights, not negative; NULL: none */
    const int64_t *unit;      /* n numbers below `units`, negative: missing; NULL: none */
    size_t units;             /* number of units; ignored where unit is NULL */
    const size_t *covariates; /* columns; NULL: none */
    size_t n_covariates;
} nrd_correlation_data;

typedef struct {
    nrd_correlation_method method;
    nrd_relation relation;
    nrd_part part;
    int32_t listwise; /* not 0: only rows complete in all columns that a pair has */
    double share;     /* of values winsorized at each end, or bent; in [0, 1/2) */
} nrd_correlation_options;

/** Two columns, x first. */
typedef struct {
    size_t x, y;
} nrd_pair;

/** Why there is no coefficient. */
typedef enum {
    NRD_PAIR_OK = 0,
    NRD_PAIR_FEW_ROWS = 1,   /* fewer than 3 rows, or no degree of freedom */
    NRD_PAIR_CONSTANT_X = 2, /* x does not vary; within units, inside any of them */
    NRD_PAIR_CONSTANT_Y = 3,
    NRD_PAIR_COVARIATE = 4,   /* a covariate is constant or a combination of others */
    NRD_PAIR_EXPLAINED_X = 5, /* x is a combination of covariates, as a copy of one is */
    NRD_PAIR_EXPLAINED_Y = 6,
    NRD_PAIR_NO_SPREAD = 7, /* x or y varies, but not what the method leaves of it */
    NRD_PAIR_TOO_WIDE = 8   /* values too far apart in size for exact elimination */
} nrd_pair_status;

/** A coefficient, and what its tests need; NaN where undefined. */
typedef struct {
    nrd_pair_status status;
    int32_t covariate;  /* which one status is about, else -1 */
    uint64_t n;         /* rows used; weight above 0 */
    uint64_t dropped;   /* rows left out because something was missing */
    uint64_t units;     /* units used; 0 without units */
    double estimate;    /* the coefficient */
    double effective_n; /* (sum w)^2 / sum w^2; n without weights; units between them, rows
                            less all means but one within them */
    double df;          /* degrees of freedom of the t test */
    double null_se;     /* tau, xi: standard deviation under independence, with ties */
    double centred;     /* distance correlations: that without bias */
} nrd_correlation;

/**
 * Correlations of pairs of columns.
 *
 * Every method takes O(n log n). The result depends on the values alone, bit for bit, and
 * not on the order of the rows or the number of threads. A pair without a coefficient says
 * why, and the others go on.
 *
 * PEARSON, SPEARMAN and KENDALL take weights, those of a survey: a row of weight 0 is not
 * there. The weighted rank of a value is the weight below it and sum_{k<l} w_k w_l / sum
 * w_k over the rows that share it. For ranks weights are rounded to 2^-61 of their sum.
 * Ties in x of XI: the mean of xi over all orders of the tied rows. Distances take a column
 * as whole multiples of 2^-50 of its greatest deviation from the middle (of 2^-48 above
 * 2^20 rows), and are exact from there on.
 *
 * Covariates are for PEARSON, SPEARMAN (of ranks), WINSORIZED and KENDALL (from the matrix
 * of tau-b), without units; units WITHIN are for PEARSON, and BETWEEN for the first three;
 * both without weights.
 *
 * @param[in]  data    the columns
 * @param[in]  pairs   n pairs of columns
 * @param[in]  n       number of pairs, may be 0
 * @param[in]  options what is meant by correlation
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     n coefficients; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      too many rows
 * @retval NRD_E_DOMAIN    an infinity, a weight that is negative or infinite, a unit out of
 *                         range (the row is that of the value); an option that is none of
 *                         its values, or does not go with the method
 * @retval NRD_E_UNKNOWN   a pair or covariate is not a column; the row is its place
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: tau-b: W. R. Knight, J. Amer. Statist. Assoc. 61 (1966) 436-439; weights: T.
 * Nagler, wdm: Weighted Dependence Measures, R package (2018); within: J. M. Bland, D. G.
 * Altman, BMJ 310 (1995) 446, between: 633; partial: M. G. Kendall, A. Stuart, The Advanced
 * Theory of Statistics 2 (1973), chapter 27, of tau: M. G. Kendall, Biometrika 32 (1942)
 * 277-283; effective number: L. Kish, Survey Sampling (1965).
 */
NRD_API NRD_NODISCARD nrd_status nrd_correlation_pairs(const nrd_correlation_data *data,
    const nrd_pair *pairs, size_t n, const nrd_correlation_options *options, int threads,
    const int *stop, nrd_correlation *out, nrd_error *err);

/**
 * The coefficient of one pair without each row, or with units without each unit.
 *
 * @param[in]  data    the columns
 * @param[in]  pair    the pair
 * @param[in]  options what is meant by correlation
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     n numbers, or `units`; NaN where the row was not used or there is no
 *                     coefficient; written only on success
 * @param[out] err     reason of a failure, or NULL; as above
 */
NRD_API NRD_NODISCARD nrd_status nrd_correlation_left(const nrd_correlation_data *data,
    nrd_pair pair, const nrd_correlation_options *options, int threads, const int *stop,
    double *out, nrd_error *err);

/**
 * The coefficient of one pair whose rows are repeated, say as nrd_bootstrap_weights says.
 *
 * @param[in]  data    the columns, without weights
 * @param[in]  pair    the pair
 * @param[in]  options what is meant by correlation
 * @param[in]  times   count x data->n numbers: how often each row is there
 * @param[in]  count   how many times over
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     count numbers, NaN where there is no coefficient; written only on
 *                     success
 * @param[out] err     reason of a failure, or NULL; as above, NRD_E_SIZE names the count
 */
NRD_API NRD_NODISCARD nrd_status nrd_correlation_repeated(const nrd_correlation_data *data,
    nrd_pair pair, const nrd_correlation_options *options, const uint32_t *times,
    size_t count, int threads, const int *stop, double *out, nrd_error *err);

/* cffi: end */

#endif
