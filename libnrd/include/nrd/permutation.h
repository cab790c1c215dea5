#ifndef NRD_PERMUTATION_H
#define NRD_PERMUTATION_H

#include <nrd/bootstrap.h>
#include <nrd/status.h>

/* cffi: begin */

/** Which arrangements speak against the hypothesis as much as the data do. */
typedef enum {
    NRD_ALTERNATIVE_TWO_SIDED = 0, /* twice the smaller p of the next two, at most 1 */
    NRD_ALTERNATIVE_GREATER = 1,   /* those with a statistic as great or greater */
    NRD_ALTERNATIVE_LESS = 2,      /* those with one as small or smaller */
    NRD_ALTERNATIVE_ABSOLUTE = 3   /* those with one as far from the middle or farther */
} nrd_alternative;

/**
 * Data and statistic.
 *
 * The statistic decides what is exchanged. With MEAN, of differences of pairs, the sign of
 * each unit is turned or not. With MEAN_DIFFERENCE and QUANTILE (of sample 0 less sample 1)
 * the samples of units are exchanged, and with PEARSON, SPEARMAN, KENDALL and SLOPE their
 * x; each unit stays in its stratum, and only units of the same number of rows take each
 * other's place. Where strata have one unit, or units a size of their own, these stay as
 * they are. All columns are arranged together, which keeps what they have in common.
 *
 * The rows of a unit stand together, and so do the units of a stratum.
 */
typedef struct {
    nrd_statistic statistic;
    const double *x;       /* n values, finite; NULL for the first three statistics */
    const uint8_t *sample; /* n numbers 0 or 1 for the second and third, else NULL */
    const double *const *columns; /* n_columns arrays of n values, finite: y */
    size_t n_columns;             /* at least 1 */
    size_t n;                     /* rows, from 1 to 2^26 */
    const uint64_t *unit_rows;    /* rows before each unit, units + 1; NULL: one row each */
    size_t units;                 /* number of units; ignored where unit_rows is NULL */
    const uint64_t *stratum_units; /* units before each stratum, strata + 1; NULL: one */
    size_t strata;                 /* number of strata; ignored where that is NULL */
    double p;                      /* of the quantile, in [0, 1] */
    int32_t type;                  /* of the quantile, 1 to 9 as in nrd_quantile_options */
} nrd_permutation_design;

typedef struct {
    nrd_alternative alternative;
    uint64_t resamples; /* arrangements to draw, at least 1; all, where there are no more */
    uint64_t seed;
    uint64_t enough; /* stop counting for a column at so many as extreme as the data; 0, and
                        where all arrangements are looked at: never */
    int32_t joint;   /* not 0: p-values adjusted for the number of columns, too */
} nrd_permutation_options;

/** A test under way. */
typedef struct nrd_permutation nrd_permutation;

/**
 * Prepare a test.
 *
 * Statistics that are equal in theory count as equal: sums of products are compared as
 * whole numbers or, where rounding leaves a doubt, by exact sums; tau is a whole number.
 * Only two comparisons are made to a proven bound of rounding, within which numbers count
 * as equal: with the distance from the middle on the other side, and between columns.
 *
 * The middle is the mean of the statistic over all arrangements; for tau and quantiles 0.
 *
 * @param[in]  design  the design; the columns have to be there until nrd_permutation_free,
 *                     the rest only now
 * @param[in]  options how to test
 * @param[out] out     the test, released with nrd_permutation_free; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL     a pointer that the statistic needs is NULL
 * @retval NRD_E_SIZE     n or the number of columns does not fit, or a sample is empty
 * @retval NRD_E_DOMAIN   statistic or alternative is none of these; no resamples; a value
 * is not finite, a sample not 0 or 1; p, type, units or strata as for nrd_bootstrap_new;
 * joint with quantiles or with enough; the row is that of the value, unit or stratum
 * @retval NRD_E_OVERFLOW the values of a column reach farther than a double
 * @retval NRD_E_CONFLICT x, or a column whose coefficient is asked for, does not vary, or
 *                        nothing can be exchanged; the row is the column
 * @retval NRD_E_MEMORY   no memory left
 *
 * Source: P. Good, Permutation, Parametric and Bootstrap Tests of Hypotheses (2005); all
 * arrangements where there are few, else p = (b + 1) / (B + 1): B. Phipson, G. K. Smyth,
 * Stat. Appl. Genet. Mol. Biol. 9 (2010) 39; stopping: J. Besag, P. Clifford, Biometrika 78
 * (1991) 301-304; joint: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing
 * (1993), step-down maxT.
 */
NRD_API NRD_NODISCARD nrd_status nrd_permutation_new(const nrd_permutation_design *design,
    const nrd_permutation_options *options, nrd_permutation **out, nrd_error *err);

/** Release what nrd_permutation_new gave; NULL allowed. */
NRD_API void nrd_permutation_free(nrd_permutation *test);

/** Number of different arrangements of the data, 2^64 - 1 for that many or more. */
NRD_API uint64_t nrd_permutation_arrangements(const nrd_permutation *test);

/** 1 where all arrangements are looked at, 0 where some are drawn. */
NRD_API int nrd_permutation_is_exact(const nrd_permutation *test);

/** Arrangements that are still to come: 0 when the test is done. */
NRD_API uint64_t nrd_permutation_left(const nrd_permutation *test);

/**
 * Look at the next arrangements.
 *
 * Arrangement b that is drawn depends on seed and b alone: the stream (seed, b, 0) gives
 * nrd_random_permutation for one stratum and size of units after the other, or a bit for
 * each unit. The same counts come out on any number of threads and any processor, however
 * many are asked for at once. A call that is stopped has counted some of them, and a later
 * one goes on from there.
 *
 * @param[in,out] test       the test
 * @param[in]     count      how many; fewer where fewer are left
 * @param[in]     threads    as for nrd_thread_count
 * @param[in]     stop       where it is not NULL and becomes other than 0 the call ends
 soon
 * @param[out]    values_out the statistic of each column, one row an arrangement, or NULL;
 *                           rows that come after all columns had enough are NaN, or not
                           written
 * @param[out]    err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      test is NULL
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 */
NRD_API NRD_NODISCARD nrd_status nrd_permutation_update(nrd_permutation *test,
    uint64_t count, int threads, const int *stop, double *values_out, nrd_error *err);

/**
 * The next arrangements themselves, for statistics that are computed elsewhere: no more is
 * counted of them.
 *
 * @param[in,out] test     the test
 * @param[in]     count    how many, at most nrd_permutation_left
 * @param[out]    rows_out n numbers for each: the row that each row takes its x or sample
 *                         from; with MEAN 1 where the sign is turned, else 0
 * @param[out]    err      reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   fewer are left
 * @retval NRD_E_MEMORY no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_permutation_rows(
    nrd_permutation *test, size_t count, uint32_t *rows_out, nrd_error *err);

/** The statistic of the data, one number a column. */
NRD_API void nrd_permutation_observed(const nrd_permutation *test, double *out);

/**
 * P-values so far, one a column.
 *
 * The number of arrangements as extreme as the data over all; where some are drawn both
 * numbers get 1 more, for the data themselves, but not for a column that had enough.
 */
NRD_API void nrd_permutation_p(const nrd_permutation *test, double *out);

/** P-values adjusted for the number of columns; NaN where that was not asked for. */
NRD_API void nrd_permutation_adjusted(const nrd_permutation *test, double *out);

/** What a p-value was made of. */
typedef struct {
    uint64_t extreme; /* arrangements as extreme as the data, on the side that counts */
    uint64_t used;    /* arrangements looked at for it */
} nrd_permutation_count;

/** The counts behind the p-values, one a column. */
NRD_API void nrd_permutation_counts(
    const nrd_permutation *test, nrd_permutation_count *out);

/* cffi: end */

#endif
