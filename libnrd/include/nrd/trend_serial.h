#ifndef NRD_TREND_SERIAL_H
#define NRD_TREND_SERIAL_H

#include <nrd/trend.h>

/* cffi: begin */

/** How the test of Mann and Kendall allows for correlation from year to year. */
typedef enum {
    NRD_SERIAL_HAMED_RAO = 0,  /* variance by the ranks' significant autocorrelations */
    NRD_SERIAL_YUE_WANG = 1,   /* variance by all autocorrelations of what is left */
    NRD_SERIAL_PRE_WHITEN = 2, /* test of x_i - r x_i-1 */
    NRD_SERIAL_TREND_FREE = 3  /* likewise, the trend being taken out before and put back */
} nrd_serial;

/** Such a test of one series; NaN where it says nothing. */
typedef struct {
    uint64_t n;      /* rows that were tested: one less where they are pre-whitened */
    int64_t s;       /* pairs that rise less pairs that fall, of the rows tested */
    double variance; /* of s, corrected */
    double factor;   /* what the correction multiplied it by; 1 with pre-whitening */
    double lag1;     /* autocorrelation of what the method looks at, one step apart */
    double p;        /* two-sided */
    double p_rising;
    double p_falling;
    double smallest_p; /* as in nrd_trend, of the rows tested */
    int32_t exact;     /* 1: the chances are counted; 0: normal with continuity */
    int32_t reason;    /* 0; 1: too few rows; 2: times not equally far apart; 3: all equal;
                          4: the corrected variance is not above 0 */
} nrd_serial_test;

/**
 * Tests for a trend in many series whose errors may be correlated from step to step.
 *
 * HAMED_RAO and YUE_WANG take Theil and Sen's slope out of the series first. HAMED_RAO
 * multiplies the variance by 1 + 2 / (n (n-1) (n-2)) sum (n-k) (n-k-1) (n-k-2) r_k over the
 * lags k = 1 ... n-1 whose autocorrelation r_k of the ranks is outside +- z / sqrt(n), z
 * being the normal quantile of 1 - alpha / 2; YUE_WANG by 1 + 2 sum (1 - k/n) r_k over all
 * of them. PRE_WHITEN tests x_i - r_1 x_i-1. TREND_FREE takes the slope out, does that, and
 * puts it back. These are the definitions of pymannkendall, but for the chances of S, which
 * are counted for pre-whitened rows. Such tests are approximate, and poor below ten rows.
 *
 * @param[in]  series  the series, at least 4 rows, of equal steps
 * @param[in]  kind    which test
 * @param[in]  alpha   in (0, 1): of the autocorrelations of HAMED_RAO
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     one result a series; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the series or value
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      the offsets do not rise, or a series has more than 65,536 rows
 * @retval NRD_E_DOMAIN    the kind is none of these; alpha is outside (0, 1); a value is
 * not finite; times do not rise
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: K. H. Hamed, A. R. Rao, J. Hydrol. 204 (1998) 182-196; S. Yue, C. Y. Wang, Water
 * Resour. Manag. 18 (2004) 201-218; S. Yue, P. Pilon, B. Phinney, G. Cavadias, Hydrol.
 * Process. 16 (2002) 1807-1829.
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_serial(const nrd_series *series, nrd_serial kind,
    double alpha, int threads, const int *stop, nrd_serial_test *out, nrd_error *err);

/** A test of what a covariate leaves of the trend; NaN where it says nothing. */
typedef struct {
    uint64_t n;
    double s;        /* of the values, less rho times that of the covariate */
    double variance; /* of s */
    double rho;      /* correlation of the two, if there is no trend */
    double p;        /* two-sided, normal */
    double p_rising;
    double p_falling;
    int32_t reason; /* 0; 1: too few rows; 4: the covariate leaves nothing */
} nrd_partial;

/**
 * The partial test of Mann and Kendall: whether many series have a trend besides what a
 * covariate (rice prices, rain) explains.
 *
 * @param[in]  series    the series, at least 4 rows
 * @param[in]  covariate a finite number for each row
 * @param[in]  stop      where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out       one result a series; written only on success
 * @param[out] err       reason of a failure, or NULL; its row is that of the series or
 * value
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      the offsets do not rise, or a series has more than 65,536 rows
 * @retval NRD_E_DOMAIN    a number is not finite; times do not rise
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: C. Libiseller, A. Grimvall, Environmetrics 13 (2002) 71-84.
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_partial(const nrd_series *series,
    const double *covariate, const int *stop, nrd_partial *out, nrd_error *err);

/** The areas of one group taken together. */
typedef struct {
    uint64_t series;       /* with at least 2 rows */
    uint64_t times;        /* different times among them */
    int64_t s;             /* sum over the series */
    double variance;       /* of s, if the series are independent */
    double slope;          /* median of the slopes of all pairs of rows of one series */
    double p;              /* two-sided, normal with continuity: the regional test */
    double p_joint;        /* two-sided: years are exchanged for all series at once */
    uint64_t arrangements; /* looked at for it */
    int32_t exact;         /* 1: all there are */
} nrd_regional;

/** How years are exchanged. */
typedef struct {
    uint64_t resamples; /* arrangements to draw; all, where there are no more than 9! */
    uint64_t seed;
} nrd_regional_options;

/**
 * Whether the areas of a group have a common trend.
 *
 * The regional test adds S and its variance over the areas, which takes them for
 * independent: where a drought or a new price strikes all at once p is too small. The joint
 * one exchanges whole years, for all areas at once, and so keeps what they have in common
 * in a year; an area without a value in a year has none wherever that year goes. S depends
 * on the order of the years through the sums over areas of the signs of the differences of
 * two years alone, so that an arrangement costs no more for a thousand areas than for one.
 * The p-value is twice the smaller of both sides, at most 1; where arrangements are drawn
 * the data count as one more. Arrangement b is drawn from the stream (seed, b, group).
 *
 * @param[in]  series  the series
 * @param[in]  group   the group of each series, below groups
 * @param[in]  groups  number of groups
 * @param[in]  options how years are exchanged
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     one result a group; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the series or value
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      the offsets do not rise; a group has more than 512 times
 * @retval NRD_E_DOMAIN    no resamples; a value is not finite; times do not rise
 * @retval NRD_E_UNKNOWN   a group out of range
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: D. R. Helsel, L. M. Frans, Environ. Sci. Technol. 40 (2006) 4066-4073; for the
 * exchange of years E. S. Edgington, P. Onghena, Randomization Tests, 4th ed. (2007).
 */
NRD_API NRD_NODISCARD nrd_status nrd_trend_regional(const nrd_series *series,
    const int32_t *group, size_t groups, const nrd_regional_options *options, int threads,
    const int *stop, nrd_regional *out, nrd_error *err);

/* cffi: end */

#endif
