#ifndef NRD_PROJECTION_H
#define NRD_PROJECTION_H

#include <nrd/status.h>

/* cffi: begin */

/** The scale on which a series is taken to follow a line. */
typedef enum {
    NRD_PROJECTION_LINEAR = 0, /* the figures themselves */
    NRD_PROJECTION_LOG = 1,    /* their logarithms: figures above 0 */
    NRD_PROJECTION_LOGIT = 2   /* log(x / (full - x)): figures between 0 and full */
} nrd_projection_scale;

/** Whether a projection could be made; the first that holds, from the last one up. */
typedef enum {
    NRD_PROJECTION_MADE = 0,
    NRD_PROJECTION_MET = 1,        /* made, and the last figure is at the target already */
    NRD_PROJECTION_PAST = 2,       /* made, and `by` is not after the last figure */
    NRD_PROJECTION_EXACT = 3,      /* all figures lie on the line: no scatter, no bounds */
    NRD_PROJECTION_FLAT = 4,       /* all figures are equal: neither trend nor scatter */
    NRD_PROJECTION_TIMES = 5,      /* no standard has figures of two times */
    NRD_PROJECTION_FEW = 6,        /* fewer than two figures more than standards */
    NRD_PROJECTION_OUTSIDE = 7,    /* a figure that the scale does not have */
    NRD_PROJECTION_NOT_FINITE = 8, /* a figure that is not a finite number */
} nrd_projection_state;

/** Figures of many series, one series after the other. */
typedef struct {
    const double *time;          /* n times, finite, that do not fall within a standard */
    const double *value;         /* n figures */
    const int32_t *standard;     /* n codes, of which equal ones stand together; or NULL */
    const uint64_t *series_rows; /* rows before each series: series + 1 numbers */
    size_t series;
    nrd_projection_scale scale;
    double full; /* of the logit: what all is, as 100 for percent; above 0 */
} nrd_projection_rows;

/** What is asked of the lines. */
typedef struct {
    const double *target; /* of each series, on its scale; NaN: none */
    const double *by;     /* time of each series to reach it by; NaN: none. Or NULL */
    const double *time;   /* times to project to, finite */
    size_t times;
    int at_least;        /* 0: the target is reached at or below it, 1: at or above it */
    double level;        /* of the intervals, in (0, 1) */
    uint64_t replicates; /* of the bootstrap, at most 2^26; 0: Student's t */
    uint64_t seed;
    uint64_t first;  /* number of the first series: its random numbers depend on it */
    int threads;     /* as in nrd_thread_count */
    const int *stop; /* where it is not NULL and becomes other than 0 the call ends soon */
} nrd_projection_options;

/** A figure to come; NaN where there is none. */
typedef struct {
    double estimate;
    double low; /* the interval of one figure, not of the line */
    double high;
    double probability; /* that it is at the target */
} nrd_projection_point;

/** What is found of a series; NaN where it cannot be told. */
typedef struct {
    nrd_projection_state state;
    int standards;
    uint64_t n;
    double df;     /* n - standards - 1 */
    double slope;  /* a unit of time, on the scale */
    double centre; /* mean time of the last standard */
    double mean;   /* mean of the last standard, on the scale */
    double spread; /* sum of squared distances of times from the means of their standards */
    double sigma;  /* standard deviation about the line, on the scale */
    double last_time;
    double last_value;
    double reach;       /* time when a figure is as likely at the target as not */
    double reach_low;   /* when it is with probability (1 - level) / 2; may be infinite */
    double reach_high;  /* when it is with probability (1 + level) / 2; may be infinite */
    double probability; /* that a figure of the time `by` is at the target */
    double past;   /* change a unit of time of the line, first time to last, in figures */
    double needed; /* the same from the last figure to the target by `by` */
} nrd_projection;

/**
 * Lines through many series, prolonged: figures to come, and when a target is reached.
 *
 * A series with several standards has one slope and a level for each of them: figures
 * before and after a new definition are never compared. The line of the last one is
 * prolonged. Intervals and probabilities are those of a figure, which scatters about the
 * line, under independent errors of equal variance on the scale. No time to reach the
 * target lies before the last figure; infinity says that the probability is never so
 * great as far as the line goes, so that the interval is open.
 *
 * With replicates, errors are drawn from the residuals over the root of 1 - leverage,
 * centred; a line is fitted to them, and the error of a new figure about it, over the
 * standard deviation found there, takes the place of Student's t. Where errors drawn lie on
 * a line the figure is infinite. Replicate r of series i takes its rows from the stream
 * (seed, r, first + i): no number of threads changes a bit.
 *
 * @param[in]  rows       the figures
 * @param[in]  options    target, times and how to find intervals
 * @param[out] points_out series x times figures to come; written only on success
 * @param[out] out        one result a series; written only on success
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      an array is NULL
 * @retval NRD_E_SIZE      the offsets do not rise, or there are more than 2^26 replicates
 * @retval NRD_E_DOMAIN    an option out of its range; a target that the scale does not
 *                         have, the row is that of the series; a time that is not finite
 *                         or falls within a standard, the row is its own
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: N. R. Draper, H. Smith, Applied Regression Analysis (1998) 1.4 and 3.2; the time
 * of a target by inverting the interval: E. C. Fieller, J. R. Stat. Soc. B 16 (1954)
 * 175-185; bootstrap: R. A. Stine, J. Amer. Statist. Assoc. 80 (1985) 1026-1031, residuals
 * and
 * studentised as in A. C. Davison, D. V. Hinkley, Bootstrap Methods (1997) 6.3.3.
 */
NRD_API NRD_NODISCARD nrd_status nrd_projection_find(const nrd_projection_rows *rows,
    const nrd_projection_options *options, nrd_projection_point *points_out,
    nrd_projection *out, nrd_error *err);

/* cffi: end */

#endif
