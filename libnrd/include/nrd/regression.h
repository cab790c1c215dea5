#ifndef NRD_REGRESSION_H
#define NRD_REGRESSION_H

#include <nrd/moments.h>
#include <nrd/status.h>

/* cffi: begin */

/** A column of a design: a column of a state, to a power from 1 on. */
typedef struct {
    size_t column;
    int32_t power;
} nrd_term;

/**
 * What is regressed on what: column y of a state on terms, with an intercept or without.
 *
 * A regression has k coefficients: that of the intercept, where there is one, then one for
 * each term. `within` gives, for each group of the state, the regression that it is a unit
 * of: each unit has an intercept of its own, which is taken out (the within
 * transformation). Where it is NULL each group is a regression.
 */
typedef struct {
    size_t y;
    const nrd_term *terms;
    size_t n;      /* number of terms */
    int intercept; /* 1 or 0; 0 with units */
    const int64_t *within;
    size_t regressions; /* number of them; that of the groups where within is NULL */
} nrd_regression_model;

/** Whether there is a regression, and why not. */
typedef enum {
    NRD_FIT_OK = 0,
    NRD_FIT_EMPTY = 1,     /* no row with a weight above 0 */
    NRD_FIT_FEW_ROWS = 2,  /* fewer rows than coefficients */
    NRD_FIT_DEPENDENT = 3, /* a column is a combination of those before it, exactly */
    NRD_FIT_ROUNDED = 4    /* it is one, but for the rounding of doubles */
} nrd_fit_status;

/** What is known of a regression as a whole; NaN where undefined. */
typedef struct {
    nrd_fit_status status;
    int32_t dependent; /* the coefficient whose column is a combination; else -1 */
    uint64_t rows;     /* rows used */
    uint64_t units;    /* units with rows; 0 without them */
    double df;         /* degrees of freedom of the residuals */
    double df_model;   /* coefficients without the intercept */
    double rss;        /* sum of squares of the residuals, weighted */
    double tss;        /* of y around its mean; around 0 without intercept and units */
    double sigma;      /* square root of rss / df */
    double r_squared;
    double adjusted; /* R squared less what chance alone gives */
    double f;
} nrd_fit;

/** Room for results: g regressions of k coefficients. All but fit may be NULL. */
typedef struct {
    nrd_fit *fit;            /* g */
    double *coefficient;     /* g x k */
    double *coefficient_low; /* g x k, what the rounding of the coefficients left */
    double *se;              /* g x k, standard errors; NaN without degrees of freedom */
    double *covariance;      /* g x k x k, of the coefficients; NaN likewise */
    double *inverse;         /* g x k x k, inverse of the matrix of cross-products */
    double *factor;          /* g x k x k, lower triangle with ones: inverse = L' D L */
    double *factor_low;      /* g x k x k */
    double *pivot;           /* g x k, D^-1 */
    uint8_t *combined;       /* g x k, 1 where a column is part of the combination */
} nrd_regression_results;

/**
 * Least squares from exact sums: every number is within 1 ulp of that of the exact rows.
 *
 * The sums are whole numbers over powers of 2 and 10, and stay so: the matrix of
 * cross-products is swept without fractions, and each result is divided and rounded once.
 * Only the division by the weight of a unit is cut, 320 bits below the last bit of a sum.
 * From 16 coefficients on the numbers are cut to 384 bits and once more to 512, and taken
 * whole only where the results differ in any bit, or a column seems to be a combination.
 *
 * The degrees of freedom are n - k, and - units where there are any. n is the number of
 * rows with a weight above 0; with frequencies, their sum. Precision weights are inverses
 * of variances up to a factor; the standard errors take probability weights for the same.
 *
 * A column of powers 1 that is not taken as decimals is refused (NRD_FIT_ROUNDED) where
 * what the others leave of it is below 2^-50 of its size: so much is its rounding.
 *
 * @param[in]  state   a state that keeps covariances, and the powers of the terms
 * @param[in]  model   what is regressed on what
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[in,out] out  room for results, NaN where there are none; undefined after a failure
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_DOMAIN    the state keeps no covariances; there is nothing to estimate; an
 *                         intercept beside units
 * @retval NRD_E_UNKNOWN   a column, power, or regression of a unit that is not there
 * @retval NRD_E_DUPLICATE a term twice
 * @retval NRD_E_OVERFLOW  the determinants have more than 65,536 bits, and numbers that are
 *                         cut do not do; the row is the regression
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: elimination without fractions: E. H. Bareiss, Math. Comput. 22 (1968) 565-578;
 * the sweep: J. H. Goodnight, Amer. Statist. 33 (1979) 149-158.
 */
NRD_API NRD_NODISCARD nrd_status nrd_regression_fit(const nrd_moments *state,
    const nrd_regression_model *model, int threads, const int *stop,
    nrd_regression_results *out, nrd_error *err);

/** Room for tests and intervals of n estimates; NaN where there is no standard error. */
typedef struct {
    double *t;   /* quotients; infinite where se is 0 and the estimate is not */
    double *p;   /* chances that |t| is as large or larger where the truth is 0 */
    double *low; /* bounds; infinite where the quantile is too large for a double */
    double *high;
} nrd_regression_tests;

/**
 * Tests of estimates against 0, and intervals, by Student's t.
 *
 * @param[in]  estimate n estimates
 * @param[in]  se       their n standard errors, not negative; NaN where there is none
 * @param[in]  df       n degrees of freedom, above 0 where there is a standard error
 * @param[in]  n        number of estimates, may be 0
 * @param[in]  level    confidence level, in (0, 1)
 * @param[in,out] out   room for n numbers of each kind; written only on success
 * @param[out] err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   an array is NULL
 * @retval NRD_E_DOMAIN level is outside (0, 1); se is negative; df is not in [1e-6, 1e10]
 */
NRD_API NRD_NODISCARD nrd_status nrd_regression_test(const double *estimate,
    const double *se, const double *df, size_t n, double level,
    const nrd_regression_tests *out, nrd_error *err);

/** Points at which regressions are predicted. */
typedef struct {
    const nrd_column *columns; /* those of the state, float64; that of y is not looked at */
    size_t n;                  /* number of columns, for the check */
    const int32_t *decimals;   /* as in nrd_moments_new; values with more are as they are */
    const int64_t *regression; /* of each row, below 0 for none; NULL where there is one */
    size_t regressions;
} nrd_regression_points;

/**
 * Predicted values, and leverages x' (X' W X)^-1 x, computed in twice the digits and
 * rounded once.
 *
 * @param[in]  points       the rows
 * @param[in]  model        as it was fitted, without units
 * @param[in]  found        what nrd_regression_fit found; of these the coefficients, their
 *                          low parts, the factor with its low parts, and the pivots
 * @param[in]  threads      as in nrd_thread_count
 * @param[out] fitted_out   one for each row; NaN where a value or the regression is missing
 * @param[out] leverage_out likewise; the variance of the prediction is sigma^2 times it.
 *                          NULL where it is not wanted
 * @param[out] err          reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_SIZE    columns of different lengths
 * @retval NRD_E_TYPE    a column of another type
 * @retval NRD_E_UNKNOWN a term without a column, or a regression that is not there
 * @retval NRD_E_DOMAIN  an infinity; units
 * @retval NRD_E_MEMORY  no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_regression_predict(const nrd_regression_points *points,
    const nrd_regression_model *model, const nrd_regression_results *found, int threads,
    double *fitted_out, double *leverage_out, nrd_error *err);

/* cffi: end */

#endif
