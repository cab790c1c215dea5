/* Hommel's method in n log n: the closed test by Simes' test without all its subsets. */

#include "adjust_private.h"

#include <math.h>

#include "order_private.h"

/* What Simes' test makes of the k largest p-values: the least of k p_j / rank of j. */
typedef struct {
    const double *p;
    size_t m;
    double *simes; /* for k = 1 .. m */
} largest;

/* Fill simes[low .. high] where the ranks that decide lie among first .. last. The further
 * the k largest begin to the left, the further to the left is the p_j that decides: p_j /
 * (j - start) falls the slower the larger p_j is. */
static void
fill(const largest *all, size_t low, size_t high, size_t first, size_t last)
{
    const size_t k = low + (high - low) / 2, start = all->m - k;
    const size_t from = first > start + 1 ? first : start + 1;
    size_t best = from;
    double least = INFINITY;

    for (size_t j = from; j <= last; j++) {
        const double found =
            nrdi_adjust_scaled(all->p[j - 1], (double) k, (double) (j - start));

        if (found < least) {
            least = found;
            best = j;
        }
    }
    all->simes[k] = least;
    if (k > low) {
        fill(all, low, k - 1, best, last);
    }
    if (k < high) {
        fill(all, k + 1, high, first, best);
    }
}

/* Let S(k) be the greatest Simes p-value of k or more of the largest; then the adjusted p
 * is the least over k of max(k p, S(k + 1)), which falls up to some k and ascends from
 * there on. That k descends with p. */
void
nrdi_adjust_hommel(const nrdi_family *family, double *spare, double *out)
{
    const size_t m = family->m;
    size_t k = m;

    fill(&(largest){family->p, m, spare}, 1, m, 1, m);
    for (size_t i = m; i-- > 1;) {
        spare[i] = fmax(spare[i], spare[i + 1]);
    }
    for (size_t i = 0; i < m; i++) {
        const double p = family->p[i];

        while (k > 0 && (double) k * p > (k < m ? spare[k + 1] : 0.0)) {
            k--;
        }
        /* Here k p <= S(k + 1): the least is there or at k + 1. */
        out[i] = k < m ? fmin(spare[k + 1], (double) (k + 1) * p) : (double) m * p;
        out[i] = fmin(out[i], 1.0);
    }
    nrdi_adjust_from_below(out, m);
}
