#ifndef NRD_CORRELATION_TEST_H
#define NRD_CORRELATION_TEST_H

#include <nrd/correlation.h>
#include <nrd/permutation.h>

/* cffi: begin */

/** How coefficients are tested without resampling. */
typedef struct {
    nrd_correlation_method method;
    nrd_alternative alternative; /* ABSOLUTE is TWO_SIDED here */
    double level;                /* of the interval, in (0, 1) */
    double power;                /* for detectable, in (0, 1) */
} nrd_correlation_testing;

/** A coefficient, tested; NaN where undefined. */
typedef struct {
    double statistic;  /* t, z or chi squared */
    double p;          /* its p-value */
    double low, high;  /* interval */
    double detectable; /* least size that so many rows find at `power`, at 1 - level */
} nrd_correlation_tested;

/**
 * P-values and intervals of coefficients, from what nrd_correlation_pairs found.
 *
 *   PEARSON, SPEARMAN, WINSORIZED, PERCENTAGE_BEND  t = r sqrt(df / (1 - r^2))
 *   KENDALL, XI                                      z = estimate / null_se
 *   DISTANCE, DISTANCE_CENTRED                       n times that without bias, and 1, as
 *                                                    chi squared with 1 degree of freedom
 *
 * XI and distances speak against independence only where they are large: whatever the
 * alternative, great ones count. The intervals are those of Fisher's z = atanh r, whose
 * variance is 1 / (df - 1) for PEARSON, (1 + r^2 / 2) / (df - 1) for SPEARMAN and
 * 0.437 / (df - 2) for KENDALL; -1 and 1 where that is not positive. The others have none.
 * `detectable` is the z that exceeds its critical value with that chance, as a coefficient.
 * A number of rows that weights or neighbours make smaller enters by df.
 *
 * @param[in]  found   n coefficients
 * @param[in]  n       number of them, may be 0
 * @param[in]  options how they are tested
 * @param[out] out     n tests; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_DOMAIN the method or alternative is none of these, or level or power is
 *                      outside (0, 1)
 *
 * Source: R. A. Fisher, Metron 1 (1921) 3-32; variances for ranks: D. G. Bonett, T. A.
 * Wright, Psychometrika 65 (2000) 23-28, E. C. Fieller, H. O. Hartley, E. S. Pearson,
 * Biometrika 44 (1957) 470-481; tau: M. G. Kendall, Rank Correlation Methods, 4th ed.
 * (1970); distances: C. Shen, S. Panda, J. T. Vogelstein, J. Comput. Graph. Statist. 31
 * (2022) 254-262.
 */
NRD_API NRD_NODISCARD nrd_status nrd_correlation_test(const nrd_correlation *found,
    size_t n, const nrd_correlation_testing *options, nrd_correlation_tested *out,
    nrd_error *err);

/** Which arrangements of the rows are looked at. */
typedef struct {
    uint64_t resamples;          /* to draw, at least 1; all where there are no more */
    uint64_t seed;               /* of the random numbers */
    nrd_alternative alternative; /* TWO_SIDED is ABSOLUTE here */
    const int64_t *strata; /* of each row of the data, from 0 on, negative: missing; nothing
                              is exchanged between them; NULL: none */
    int32_t joint;         /* not 0: p-values adjusted for the number of pairs */
    const uint32_t *block; /* joint: of each column; those of one block keep together, and
                              those of block 0 stay */
    uint64_t *done; /* NULL, or what counts up to n * resamples as the call goes on */
} nrd_correlation_arranging;

/** P-values of a pair under permutation; NaN where undefined. */
typedef struct {
    double p;         /* share of arrangements that are as extreme or more */
    double adjusted;  /* that for the most extreme of all pairs, step by step */
    double smallest;  /* least p that these data could have had */
    uint64_t extreme; /* arrangements as extreme as the data */
    uint64_t used;    /* arrangements looked at */
    int32_t exact;    /* 1 where these are all */
} nrd_correlation_arranged;

/**
 * Permutation tests of correlations, of pairs one by one or of all together.
 *
 * One by one x is exchanged between the rows of the pair, in all different ways where there
 * are no more than `resamples`, else in ways drawn from the stream (seed, number, 0). Size
 * is distance from the mean over all arrangements, for XI and distances the coefficient
 * itself. Within units (NRD_RELATION_WITHIN) units are strata. Drawn: (b + 1) / (B + 1).
 *
 * With covariates the residuals of x on these and the strata are exchanged, fitted anew,
 * and correlated with those of y; both parts of a semi-partial correlation are 0 with the
 * partial one, and have its test. This is exact for large n, and for tau there is none.
 * With weights x is exchanged and each row keeps its weight and its y; r and rho are taken
 * over an error from the rows themselves, with which the level holds in large samples
 * wherever the correlation is 0, and tau-b as it is: exact where x has to do with neither y
 * nor the weights. Both do not go together.
 *
 * Together: for PEARSON, SPEARMAN and KENDALL, of rows complete in all columns; each block
 * of columns is arranged by the stream (seed, number, block) for itself, which keeps what
 * its columns have in common. Columns in blocks of their own are taken for independent of
 * all others. Where some are not, the adjusted p-values of the other pairs rather err
 * upwards: of coefficients near normal, the largest is greatest where they are independent
 * (Sidak's inequality). Values within rounding of each other count as equal.
 *
 * @param[in]  data    the columns
 * @param[in]  pairs   n pairs
 * @param[in]  n       number of pairs, may be 0
 * @param[in]  options what is meant by correlation; rows, or within units
 * @param[in]  how     which arrangements
 * @param[in]  threads as in nrd_thread_count
 * @param[in]  stop    where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] out     n tests; written only on success
 * @param[out] err     reason of a failure, or NULL
 *
 * @retval NRD_E_DOMAIN    as for nrd_correlation_pairs; means of units; tau with
 *                         covariates; no resamples; joint with another method, with
 *                         units, or of tau with weights
 * @retval NRD_E_NULL, NRD_E_SIZE, NRD_E_UNKNOWN, NRD_E_MEMORY, NRD_E_CANCELLED likewise
 *
 * Source: as for nrd_permutation_new; for correlations together Westfall and Young (1993),
 * chapter 6, and Z. Sidak, J. Amer. Statist. Assoc. 62 (1967) 626-633; with covariates D.
 * Freedman, D. Lane, J. Bus. Econ. Statist. 1 (1983) 292-298, and A. M. Winkler et al.,
 * NeuroImage 92 (2014) 381-397; with weights C. J. DiCiccio, J. P. Romano, J. Amer.
 * Statist. Assoc. 112 (2017) 1211-1220.
 */
NRD_API NRD_NODISCARD nrd_status nrd_correlation_arrange(const nrd_correlation_data *data,
    const nrd_pair *pairs, size_t n, const nrd_correlation_options *options,
    const nrd_correlation_arranging *how, int threads, const int *stop,
    nrd_correlation_arranged *out, nrd_error *err);

/* cffi: end */

#endif
