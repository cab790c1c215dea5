#ifndef NRD_TREND_H
#define NRD_TREND_H

#include <nrd/status.h>

/* cffi: begin */

/** Series of values in time, one after another, of any lengths. */
typedef struct {
    size_t count;           /* number of series */
    const uint64_t *offset; /* series k has the rows offset[k] .. offset[k + 1] - 1 */
    const double *time;     /* finite, rising in each series */
    const double *value;    /* finite */
    const double *weight;   /* above 0, finite; NULL where there are none */
} nrd_series;

/** A slope that no single value can carry away. */
typedef enum {
    NRD_SLOPE_THEIL_SEN = 0, /* the median of the slopes of all pairs */
    NRD_SLOPE_SIEGEL = 1     /* the median of the medians of the pairs of each row */
} nrd_slope;

/** Mann and Kendall's test of one series, and its slope; NaN where undefined. */
typedef struct {
    uint64_t n;        /* rows */
    uint64_t like;     /* the first series with as many rows and the same groups of ties */
    int64_t s;         /* pairs that rise less pairs that fall */
    double tau;        /* tau_b */
    double variance;   /* of s, if each order is as likely as any other */
    double p;          /* two-sided: twice the smaller of the next two, at most 1 */
    double p_rising;   /* chance of an s as great or greater */
    double p_falling;  /* chance of an s as small or smaller */
    double smallest_p; /* least two-sided p that so many rows with such ties can give */
    double slope;      /* units of the value per unit of time */
    double intercept;  /* median of value - slope * (time - first time): the level then */
    double low;  /* of the slope; with high the numbers that the test, at 1 - level, */
    double high; /*   does not reject; infinite where the rows are too few for that */
    double confidence; /* of that interval: at least the level, 1 for an infinite one */
    int32_t exact;     /* 1: the chances are counted; 0: normal with continuity */
} nrd_trend;

typedef struct {
    nrd_slope slope;
    double level; /* of the interval of Theil and Sen, in (0, 1) */
} nrd_trend_options;

/**
 * Test for a monotonic trend, and a robust slope, of many series.
 *
 * Values are compared with one another, so that the test is that of Kendall's S against
 * time. Up to NRD_KENDALL_EXACT rows its distribution is counted, ties included; the
 * interval is exact likewise. The interval goes from slope r to slope N + 1 - r of the N
 * sorted ones, where r - 1 is what (N - C) / 2 is cut to, C being the least |S| that is
 * rejected: it contains 0 as long as the test does not reject. A series of fewer than 2
 * rows has NaN, one of fewer than 3 no interval.
 *
 * Up to 512 rows all slopes are looked at; beyond, nrd_slope_select finds those that count.
 * A median of two is their mean. Nothing depends on the number of threads.
 *
 * @param[in]  series  the series
 * @param[in]  options slope and level
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     one result a series; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the series or value
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      the offsets do not rise, or a series has 2^32 rows or more
 * @retval NRD_E_DOMAIN    the slope is none of these; level is outside (0, 1); a value is
 *                         not finite; times do not rise
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: H. B. Mann, Econometrica 13 (1945) 245-259; P. K. Sen, J. Amer. Statist. Assoc.
 * 63 (1968) 1379-1389; A. F. Siegel, Biometrika 69 (1982) 242-244.
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_test(const nrd_series *series,
    const nrd_trend_options *options, int threads, const int *stop, nrd_trend *out,
    nrd_error *err);

/** A line through one series by least squares; NaN where undefined. */
typedef struct {
    uint64_t n;
    double slope;     /* units of the value per unit of time */
    double intercept; /* at the first time */
    double se;        /* of the slope; NaN below 3 rows */
    double se_intercept;
    double covariance; /* of the two */
    double rss;        /* weighted sum of squares of the residuals */
    double df;         /* n - 2 */
    double p;          /* of the slope against 0, two-sided, by Student's t */
    double low;        /* of the slope, at the level; NaN likewise */
    double high;
} nrd_line;

/**
 * Lines through many series by least squares, weighted by `weight` where it is there.
 *
 * Means, products and residuals are computed with twice the digits, each result rounded
 * once. Weights are inverses of variances up to a factor.
 *
 * @param[in]  series  the series; here times may be equal, but not all of a series
 * @param[in]  level   of the intervals, in (0, 1)
 * @param[in]  threads as in nrd_thread_count
 * @param[out] out     one line a series; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the series or value
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   as in nrd_trend_test
 * @retval NRD_E_DOMAIN level is outside (0, 1); a value is not finite, a weight not above
 * 0; times fall, or are all equal
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_line(
    const nrd_series *series, double level, int threads, nrd_line *out, nrd_error *err);

/** A logistic curve through shares of counted units; NaN where undefined. */
typedef struct {
    uint64_t n;
    double slope;      /* of the logarithm of the odds per unit of time */
    double intercept;  /* at the first time */
    double se;         /* of the slope, if counts are binomial */
    double pearson;    /* sum of squared residuals over their binomial variances */
    double df;         /* n - 2: pearson / df is about 1 where they are */
    int32_t separated; /* 1: shares jump from 0 to 1, or are all alike: no finite slope */
} nrd_logistic;

/**
 * Logistic curves through many series of shares, the weights being the units counted.
 *
 * Newton's method, to a relative 1e-13 of the coefficients.
 *
 * @param[in]  series  the series; values are shares in [0, 1], weights counts
 * @param[in]  threads as in nrd_thread_count
 * @param[out] out     one curve a series; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the series or value
 *
 * @retval NRD_E_NULL   a pointer is NULL, the weights included
 * @retval NRD_E_SIZE   as in nrd_trend_test
 * @retval NRD_E_DOMAIN as in nrd_trend_line; a share outside [0, 1]
 *
 * Source: P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd ed. (1989).
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_logistic(
    const nrd_series *series, int threads, nrd_logistic *out, nrd_error *err);

/* cffi: end */

#endif
