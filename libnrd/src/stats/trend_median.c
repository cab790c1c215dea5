/* Medians of few numbers, and of many. */

#include "trend_private.h"

#include <string.h>

#include "slope_private.h"

void
nrdi_sort_few(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const double value = values[i];
        size_t k = i;

        for (; k > 0 && values[k - 1] > value; k--) {
            values[k] = values[k - 1];
        }
        values[k] = value;
    }
}

double
nrdi_mean_of_two(double low, double high)
{
    return low == high ? low : low / 2.0 + high / 2.0;
}

/* Sort by counting for each value how many go before it: no branch that could be guessed
 * wrongly, which insertion has for each value. */
static void
sort_by_ranks(double *values, size_t n)
{
    double sorted[NRDI_FEW];
    size_t rank[NRDI_FEW];

    for (size_t i = 0; i < n; i++) {
        const double value = values[i];
        size_t before = 0;

        for (size_t k = 0; k < i; k++) {
            const size_t is_before = values[k] <= value;

            before += is_before;
            rank[k] += 1 - is_before;
        }
        rank[i] = before;
    }
    for (size_t i = 0; i < n; i++) {
        sorted[rank[i]] = values[i];
    }
    memcpy(values, sorted, n * sizeof *values);
}

double
nrdi_median(double *values, size_t n)
{
    double low;

    if (n <= NRDI_FEW) {
        sort_by_ranks(values, n);
        return nrdi_mean_of_two(values[(n - 1) / 2], values[n / 2]);
    }
    low = nrdi_select(values, n, (n - 1) / 2);
    return nrdi_mean_of_two(low, nrdi_select(values, n, n / 2));
}
