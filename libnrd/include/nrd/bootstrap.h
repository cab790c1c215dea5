#ifndef NRD_BOOTSTRAP_H
#define NRD_BOOTSTRAP_H

#include <nrd/status.h>

/* cffi: begin */

/** What is computed of each resample. */
typedef enum {
    NRD_STATISTIC_NONE = 0,            /* nothing: only weights are wanted */
    NRD_STATISTIC_MEAN = 1,            /* the mean of each column */
    NRD_STATISTIC_MEAN_DIFFERENCE = 2, /* mean of sample 0 less mean of sample 1 */
    NRD_STATISTIC_QUANTILE = 3,        /* a quantile of the column */
    NRD_STATISTIC_PEARSON = 4,         /* Pearson's r of two columns */
    NRD_STATISTIC_SPEARMAN = 5,        /* Spearman's rho: r of the average ranks */
    NRD_STATISTIC_KENDALL = 6,         /* Kendall's tau-b */
    NRD_STATISTIC_SLOPE = 7            /* least squares slope of column 1 on column 0 */
} nrd_statistic;

/** How a resample is drawn. */
typedef enum {
    NRD_SCHEME_MULTINOMIAL =
        0,                  /* as many units as there are, with replacement, by stratum */
    NRD_SCHEME_POISSON = 1, /* each unit a Poisson number of times, by its key alone */
    NRD_SCHEME_MOVING = 2,  /* blocks of rows that follow each other */
    NRD_SCHEME_CIRCULAR = 3 /* likewise, and the first row follows the last */
} nrd_scheme;

/**
 * Data, statistic and scheme.
 *
 * Units are drawn, with all their rows; the rows of a unit stand together, and so do the
 * units of a stratum. Rows drawn in blocks have neither. With the Poisson scheme, what a
 * unit gets depends on seed, replicate and key alone: data in parts, at different places,
 * at different times get the same as data at once.
 */
typedef struct {
    nrd_statistic statistic;
    nrd_scheme scheme;
    const double *const *columns; /* n_columns arrays of n values, finite */
    size_t n_columns;             /* at least 1 for the mean, 2 for a relation, else 1 */
    size_t n;                     /* rows, from 1 to 2^31 - 1 */
    const uint8_t *sample;     /* n numbers 0 or 1 for the difference of means, else NULL */
    const uint64_t *unit_rows; /* rows before each unit, units + 1; NULL: one row each */
    size_t units;              /* number of units; ignored where unit_rows is NULL */
    const uint64_t *stratum_units; /* units before each stratum, strata + 1; NULL: one */
    size_t strata;                 /* number of strata; ignored where that is NULL */
    const uint64_t *key;           /* of each unit, all different, for the Poisson scheme;
                                      NULL: 0, 1, 2 ... */
    size_t block;                  /* length of the blocks, 1 to n; ignored elsewhere */
    double p;                      /* of the quantile, in [0, 1] */
    int32_t type;                  /* of the quantile, 1 to 9 as in nrd_quantile_options */
} nrd_bootstrap_design;

/** A design, checked and prepared; see nrd_bootstrap_new. */
typedef struct nrd_bootstrap nrd_bootstrap;

/**
 * Prepare a design: the arrays are copied.
 *
 * Means, r and slope come from sums of columns and products without error: the columns are
 * cut into slices whose weighted sums no addition rounds, and each result is rounded after
 * some 100 bits. Resamples whose statistics are equal in theory have equal doubles, on any
 * processor and number of threads. Values below 2^-400 of the greatest of their column
 * count as 0 in sums. rho, tau and quantiles are exact up to their last rounding.
 *
 * @param[in]  design the design; its arrays are not needed afterwards
 * @param[out] out    the prepared design, released with nrd_bootstrap_free; written only on
 *                    success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer that the statistic needs is NULL
 * @retval NRD_E_DOMAIN statistic or scheme is none of these; a value is not finite, a
 * sample not 0 or 1; p, type or block is out of range; units or strata do not ascend from 0
 * to all rows or units; blocks have units or strata; the row is that of the value, unit or
 * stratum
 * @retval NRD_E_SIZE   n or the number of columns does not fit; there is one unit (Poisson
 *                      numbers allow that); a stratum has one unit, which would be the same
 *                      in all replicates; a sample is empty
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993); blocks:
 * H. R. Künsch, Ann. Statist. 17 (1989) 1217-1241, D. N. Politis and J. P. Romano in
 * Exploring the Limits of Bootstrap (1992) 263-270; Poisson: A. Canty and A. C. Davison, J.
 * Roy. Statist. Soc. D 48 (1999) 379-391, N. Chamandy et al., Google technical report
 * (2012).
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_new(
    const nrd_bootstrap_design *design, nrd_bootstrap **out, nrd_error *err);

/** Release what nrd_bootstrap_new gave; NULL allowed. */
NRD_API void nrd_bootstrap_free(nrd_bootstrap *bootstrap);

/** Numbers that a statistic has: one for each column for means, else 1; 0 for none. */
NRD_API size_t nrd_bootstrap_width(const nrd_bootstrap *bootstrap);

/** Units of a design: its rows where nothing else was said, and block starts for blocks. */
NRD_API size_t nrd_bootstrap_units(const nrd_bootstrap *bootstrap);

/** Which replicates of which seed, and how to compute them. */
typedef struct {
    uint64_t seed;
    uint64_t first;  /* number of the first replicate; all count from 0 */
    size_t count;    /* number of replicates */
    int threads;     /* as for nrd_thread_count */
    const int *stop; /* where it is not NULL and becomes other than 0 the call ends soon */
} nrd_bootstrap_run;

/**
 * The statistic of resamples.
 *
 * Replicate b depends on design, seed and b alone, bit for bit. Where the statistic is
 * undefined (r of a resample that does not vary) it is NaN. Multinomial replicates draw
 * from the stream (seed, b, stratum) by nrd_random_counts; blocks from (seed, b, 0).
 * Poisson ones take number b % 64 of nrd_random_poissons of the stream (seed, b / 64, key).
 *
 * The standard error of a replicate, for studentised intervals, is that of the
 * nonparametric delta method from its own empirical influence values, with clusters and
 * strata.
 *
 * @param[in]  bootstrap the design
 * @param[in]  run       which replicates
 * @param[out] out       count rows of nrd_bootstrap_width numbers; written only on success
 * @param[out] se_out    their standard errors, or NULL
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_DOMAIN    standard errors are asked for where there are none: quantile,
 * rho, tau, blocks
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997),
 * sections 2.7.2 and 5.2.1.
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_replicates(const nrd_bootstrap *bootstrap,
    const nrd_bootstrap_run *run, double *out, double *se_out, nrd_error *err);

/** The statistic of the data themselves; arguments and failures as above. */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_estimate(
    const nrd_bootstrap *bootstrap, double *out, double *se_out, nrd_error *err);

/**
 * The statistic without each unit in turn, for the acceleration of BCa intervals.
 *
 * Sums take O(1) a row, rho and tau O(n log n) for all rows; only clusters of ranks or
 * quantiles take O(n) a unit.
 *
 * @param[in]  bootstrap the design, not one of blocks
 * @param[in]  threads   as for nrd_thread_count
 * @param[in]  stop      where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out       nrd_bootstrap_units rows of nrd_bootstrap_width numbers, NaN where
 *                       undefined; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_DOMAIN    the design is one of blocks
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_jackknife(const nrd_bootstrap *bootstrap,
    int threads, const int *stop, double *out, nrd_error *err);

/**
 * How often each row is in each resample, for statistics that are computed elsewhere.
 *
 * @param[in]  bootstrap the design
 * @param[in]  run       which replicates
 * @param[out] out       count rows of n counts; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_weights(const nrd_bootstrap *bootstrap,
    const nrd_bootstrap_run *run, uint32_t *out, nrd_error *err);

/**
 * The rows of resamples drawn in blocks, one block after another: n of them a replicate.
 *
 * @param[in]  bootstrap a design of blocks
 * @param[in]  run       which replicates; threads and stop are not looked at
 * @param[out] out       count times n rows; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_DOMAIN the design is not one of blocks
 */
NRD_API NRD_NODISCARD nrd_status nrd_bootstrap_rows(const nrd_bootstrap *bootstrap,
    const nrd_bootstrap_run *run, uint32_t *out, nrd_error *err);

/* cffi: end */

#endif
