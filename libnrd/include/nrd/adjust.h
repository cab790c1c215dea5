#ifndef NRD_ADJUST_H
#define NRD_ADJUST_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * How the p-values of a family of m tests are adjusted; p_1 <= ... <= p_m are the sorted
 * ones, and "max from below" and "min from above" make the adjusted ones ascend, too.
 *
 *   BONFERRONI    m p_k
 *   SIDAK         1 - (1 - p_k)^m
 *   HOLM          (m - k + 1) p_k, max from below
 *   HOLM_SIDAK    1 - (1 - p_k)^(m - k + 1), max from below
 *   HOCHBERG      (m - k + 1) p_k, min from above
 *   HOMMEL        closed tests of Simes
 *   BH            m p_k / k, min from above
 *   BY            the same times 1 + 1/2 + ... + 1/m
 *   TWO_STAGE_BH  BH times m0 / m, where BH at alpha leaves m0 tests that are not rejected
 *   TWO_STAGE_BKY BH times (1 + alpha) m0 / m, and BH at alpha / (1 + alpha) leaves m0
 *
 * Where the first stage rejects nothing or everything, m0 is m. The last four use the
 * attainable p-values of each test: F_i(t) is the greatest one up to t, 0 below all.
 *
 *   DISCRETE_DOWN sum of F_i(p_k) / (1 - F_i(p_k)) over all tests, over k, max from below
 *   DISCRETE_UP   sum of F_i(p_k) / (1 - F_i(tau)) over all tests, over k, min from above;
 *                 tau is the greatest attainable p-value at which the sum of
 *                 F_i / (1 - F_i) is at most m alpha, and above it all are 1
 *   ADAPTIVE_DOWN, ADAPTIVE_UP the same, but only the m - k + 1 largest terms are summed
 *
 * The first five control the chance of any false rejection (so does HOMMEL; HOCHBERG and
 * HOMMEL under independence or positive dependence), the others the false discovery rate
 * (under independence; BH also under positive dependence, BY under any).
 */
typedef enum {
    NRD_ADJUST_BONFERRONI = 0,
    NRD_ADJUST_SIDAK = 1,
    NRD_ADJUST_HOLM = 2,
    NRD_ADJUST_HOLM_SIDAK = 3,
    NRD_ADJUST_HOCHBERG = 4,
    NRD_ADJUST_HOMMEL = 5,
    NRD_ADJUST_BH = 6,
    NRD_ADJUST_BY = 7,
    NRD_ADJUST_TWO_STAGE_BH = 8,
    NRD_ADJUST_TWO_STAGE_BKY = 9,
    NRD_ADJUST_DISCRETE_UP = 10,
    NRD_ADJUST_DISCRETE_DOWN = 11,
    NRD_ADJUST_ADAPTIVE_UP = 12,
    NRD_ADJUST_ADAPTIVE_DOWN = 13
} nrd_adjust_method;

/** Attainable p-values: lists of them, and which list each test has. */
typedef struct {
    const double *values; /* the lists one after another, each ascending, in (0, 1] */
    const uint64_t
        *start;           /* count + 1 places in values: list s is start[s] .. start[s+1] */
    size_t count;         /* number of lists */
    const uint64_t *list; /* the list of each test, n numbers below count */
} nrd_supports;

typedef struct {
    nrd_adjust_method method;
    double alpha; /* in (0, 1): what the two-stage and step-up discrete ones aim at */
    const int32_t *group; /* group of each test, each group is a family; NULL for one */
    size_t groups;        /* number of groups */
    const nrd_supports *supports; /* for the discrete methods; else not looked at */
} nrd_adjust_options;

/**
 * Adjust p-values for the number of tests.
 *
 * A test whose p is NaN, or whose group is below 0, is in no family: it does not count, and
 * gets NaN. A test is rejected at alpha where its adjusted p is at most alpha. The result
 * does not depend on the order of the tests, bit for bit, and equal p-values stay equal;
 * it is within a few units in the last place, and at most 1. A p within a relative 1e-12 of
 * an attainable one is taken for that one.
 *
 * @param[in]  p       n p-values, in [0, 1] or NaN
 * @param[in]  n       number of tests, at least 1
 * @param[in]  options method and families
 * @param[out] out     n adjusted p-values; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is that of the test
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_SIZE    n is 0 or more than SIZE_MAX / 16
 * @retval NRD_E_DOMAIN  the method is none of these, alpha is outside (0, 1), a p is
 * outside [0, 1], all are NaN, or a list does not ascend in (0, 1]
 * @retval NRD_E_UNKNOWN a group or a list is out of range
 * @retval NRD_E_CONFLICT a p is not in its list
 * @retval NRD_E_MEMORY  no memory left
 *
 * Source: S. Holm, Scand. J. Statist. 6 (1979) 65-70; Y. Hochberg, Biometrika 75 (1988)
 * 800-802; G. Hommel, Biometrika 75 (1988) 383-386, as R. J. Meijer, T. J. P. Krebs,
 * J. J. Goeman, Biom. J. 61 (2019) 73-82; Y. Benjamini, Y. Hochberg, J. R. Statist. Soc. B
 * 57 (1995) 289-300; Y. Benjamini, D. Yekutieli, Ann. Statist. 29 (2001) 1165-1188;
 * Y. Benjamini, A. M. Krieger, D. Yekutieli, Biometrika 93 (2006) 491-507; S. Doehler,
 * G. Durand, E. Roquain, Electron. J. Statist. 12 (2018) 1867-1900.
 */
NRD_API NRD_NODISCARD nrd_status nrd_adjust(const double *p, size_t n,
    const nrd_adjust_options *options, double *out, nrd_error *err);

/* cffi: end */

#endif
