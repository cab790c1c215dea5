#ifndef NRD_KENDALL_H
#define NRD_KENDALL_H

#include <nrd/status.h>

/* cffi: begin */

/** Most rows for which the distribution of S is counted: 34! has 128 bits, 35! more. */
#define NRD_KENDALL_EXACT 34

/** Length of that distribution for so many rows without ties: 34 * 33 / 2 + 1. */
#define NRD_KENDALL_COUNTS 562

/** Pairs of rows by how they lie in x and y, and what follows from them. */
typedef struct {
    int64_t s;          /* concordant less discordant pairs */
    uint64_t pairs;     /* n (n - 1) / 2 */
    uint64_t tied_x;    /* pairs equal in x, those equal in both included */
    uint64_t tied_y;    /* likewise */
    uint64_t tied_both; /* pairs equal in both */
    double tau_b;       /* s / sqrt((pairs - tied_x) (pairs - tied_y)); NaN for 0 / 0 */
    double variance;    /* of s, if each order of y is as likely as any other */
    double p;           /* two-sided: twice the smaller of the next two, at most 1 */
    double p_greater;   /* chance of an s as great or greater */
    double p_less;      /* chance of an s as small or smaller */
    double smallest_p; /* least two-sided p that the ties leave; NaN where both have some */
    int32_t exact;     /* 1: the chances are counted; 0: normal approximation */
    int32_t continuity; /* 1: the approximation has a correction for continuity */
} nrd_kendall;

/**
 * Kendall's tau_b and its test, in O(n log n).
 *
 * The p-values are exact, ties included, where n is at most NRD_KENDALL_EXACT and x or y
 * has no ties; else S is taken as normal, with the variance that allows for the ties of
 * both. All sums are of whole numbers of up to 128 bits.
 *
 * @param[in]  x          n values
 * @param[in]  y          n values
 * @param[in]  n          number of rows, at least 2, below 2^32
 * @param[in]  continuity 1: |S| less 1 where S is taken as normal (Mann-Kendall), else 0
 * @param[out] out        the result; written only on success
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   n is less than 2 or too large
 * @retval NRD_E_DOMAIN a value is NaN; its row is named
 * @retval NRD_E_MEMORY no memory left
 *
 * Source: W. R. Knight, J. Amer. Statist. Assoc. 61 (1966) 436-439; M. G. Kendall, Rank
 * Correlation Methods, 4th ed. (1970), chapters 3 to 5.
 */
NRD_API NRD_NODISCARD nrd_status nrd_kendall_test(const double *x, const double *y,
    size_t n, int continuity, nrd_kendall *out, nrd_error *err);

/**
 * Distribution of S where x has no ties and y has groups of equal values.
 *
 * Of the arrangements of y, n! / (t_1! ... t_k!), those with j inversions are counted by
 * the coefficient of q^j in [n]! / ([t_1]! ... [t_k]!), where [m]! is the product of
 * (1 - q^i) / (1 - q) over i = 1 ... m. The counts are whole numbers of 128 bits; each
 * chance is a sum of them, divided and rounded once. With D pairs that are not tied, S is
 * D - 2 j for j inversions.
 *
 * @param[in]  ties      sizes of the groups, 1 for a value that occurs once
 * @param[in]  groups    number of groups
 * @param[out] at_most_out D + 1 numbers, at most NRD_KENDALL_COUNTS: the chance of at most
 * 0, 1 ... D inversions; written only on success
 * @param[out] count_out D + 1; likewise
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL   a pointer is NULL
 * @retval NRD_E_SIZE   there are no groups, or more than NRD_KENDALL_EXACT rows
 * @retval NRD_E_DOMAIN a group of size 0
 *
 * Source: P. A. MacMahon, Amer. J. Math. 35 (1913) 281-322.
 */
NRD_API NRD_NODISCARD nrd_status nrd_kendall_null(const uint32_t *ties, size_t groups,
    double *at_most_out, size_t *count_out, nrd_error *err);

/* cffi: end */

#endif
