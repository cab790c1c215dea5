#ifndef NRD_JOINPOINT_H
#define NRD_JOINPOINT_H

#include <nrd/status.h>

/* cffi: begin */

/** How the number of joints is found. */
typedef enum {
    NRD_JOINPOINT_GIVEN = 0, /* as many as `most`, or as fit */
    NRD_JOINPOINT_PERMUTATION =
        1,                /* tests of fewer against more joints, one after another */
    NRD_JOINPOINT_BIC = 2 /* the least log(rss / n) + 2 (joints + 1) log(n) / n */
} nrd_joinpoint_rule;

/** What could be told of a series. */
typedef enum {
    NRD_JOINPOINT_TOLD = 0,
    NRD_JOINPOINT_EXACT = 1,     /* told, and nothing scatters about the lines: no bounds */
    NRD_JOINPOINT_FEW = 2,       /* a line, and too few rows to tell of a joint */
    NRD_JOINPOINT_NO_LINE = 3,   /* fewer than three rows */
    NRD_JOINPOINT_NOT_FINITE = 4 /* a value that is not a finite number */
} nrd_joinpoint_state;

/** Values of many series, one series after the other. */
typedef struct {
    const double *time;          /* n times, finite, that rise within a series */
    const double *value;         /* n values */
    const double *weight;        /* n weights, finite and above 0; or NULL */
    const uint64_t *series_rows; /* rows before each series: series + 1 numbers */
    size_t series;
} nrd_joinpoint_rows;

/** What is looked for. */
typedef struct {
    nrd_joinpoint_rule rule;
    int between;  /* 0: joints at the times of rows, 1: at any time between them, too */
    int most;     /* joints, 0 to 3 */
    int least;    /* rows of a segment, at least 2; a row at a joint is in both */
    double alpha; /* chance, in (0, 1), that the tests find too many joints */
    double level; /* of the intervals, in (0, 1) */
    uint64_t permutations; /* of each test, 1 to 2^20 */
    uint64_t seed;
    uint64_t first;  /* number of the first series: its random numbers depend on it */
    int threads;     /* as in nrd_thread_count */
    const int *stop; /* where it is not NULL and becomes other than 0 the call ends soon */
} nrd_joinpoint_options;

/** Lines that meet; NaN where there is no such joint, line, test or bound. */
typedef struct {
    nrd_joinpoint_state state;
    int joints; /* as found */
    int most;   /* as the rows allow */
    int tests;  /* that were made */
    uint64_t n;
    double df;    /* n - 2 - 2 joints */
    double rss;   /* weighted sum of squared residuals */
    double start; /* value of the first line at the first time */
    double joint[3];
    double joint_low[3];  /* -infinity where no earlier place is ruled out */
    double joint_high[3]; /* infinity where no later place is ruled out */
    double slope[4];
    double slope_low[4];
    double slope_high[4];
    double p[3];   /* of the tests, in the order they were made */
    double bic[4]; /* of 0, 1, 2 and 3 joints */
} nrd_joinpoint;

/**
 * Lines that meet at joints, through many series.
 *
 * Of all places of the joints those with the least sum of squares are found: at rows alone,
 * or between them, too, where the lines of both sides cross. Each segment has `least` rows.
 * Joints that are given need 2 joints + 3 rows, which leaves one degree of freedom. Joints
 * whose number is to be found need 5 joints + 2 rows, the rule of the National Cancer
 * Institute: with fewer than 7 rows nothing can be told of them.
 *
 * The permutation test of k joints against m permutes the residuals of k joints (times the
 * roots of the weights) and finds both fits anew; p is (1 + those with as great a ratio of
 * sums of squares) / (1 + permutations), ratios within 2^-36 being equal. It begins with 0
 * against `most`. Where p is at most alpha / (most - k), k is 1 more, else m is 1 less,
 * until they meet. Permutation b of series i is drawn from the stream (seed, b, first + i):
 * no number of threads changes a bit.
 *
 * Intervals hold the values that an F test does not reject: those with which the least sum
 * of squares over all else, the joints too, is at most rss (1 + F / df). Places are tried
 * at 64 steps between rows, or as many (a power of 2) as keep the choices of places at most
 * 2^15; an interval of a joint ends a step outside.
 *
 * @param[in]  rows    the values
 * @param[in]  options what is looked for
 * @param[out] out     one result a series; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      an array is NULL
 * @retval NRD_E_SIZE      the offsets do not rise, or a series has more than 2^16 rows
 * @retval NRD_E_DOMAIN    an option out of its range; a time that is not finite or does
 *                         not rise, or a weight that is not above 0: the row is its own
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: P. M. Lerman, Appl. Statist. 29 (1980) 77-84; D. J. Hudson, J. Amer. Statist.
 * Assoc. 61 (1966) 1097-1129; tests: H.-J. Kim, M. P. Fay, E. J. Feuer, D. N. Midthune,
 * Statist. Med. 19 (2000) 335-351; intervals by inversion as in Lerman, section 4; rows:
 * National Cancer Institute, Joinpoint Regression Program, default maximum of joinpoints.
 */
NRD_API NRD_NODISCARD nrd_status nrd_joinpoint_find(const nrd_joinpoint_rows *rows,
    const nrd_joinpoint_options *options, nrd_joinpoint *out, nrd_error *err);

/* cffi: end */

#endif
