/* The statistic of the data, where it comes from sums: they are exact. */

#include "permutation_private.h"

#include <math.h>

#include "big_private.h"
#include "status_private.h"

/* n sum(x y) - sum(x) sum(y). */
static void
centred_product(const double *x, const double *y, size_t n, nrdi_big *out)
{
    nrd_exact sum;
    nrdi_big count, a, b, left, right;

    nrdi_big_from_count(n, &count);
    nrd_exact_init(&sum);
    if (nrd_exact_add_products(&sum, x, y, n, NULL) == NRD_OK) {
        nrdi_big_from_digits(sum.digit, NRDI_EXACT_DIGITS, 0, &a);
        nrdi_big_multiply(&count, &a, &left);
    }
    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, x, n, 1, NULL) == NRD_OK) {
        nrdi_big_from_digits(sum.digit, NRDI_EXACT_DIGITS, 0, &a);
    }
    nrd_exact_init(&sum);
    if (nrd_exact_add_array(&sum, y, n, 1, NULL) == NRD_OK) {
        nrdi_big_from_digits(sum.digit, NRDI_EXACT_DIGITS, 0, &b);
        nrdi_big_multiply(&a, &b, &right);
    }
    nrdi_big_subtract(&left, &right, out);
}

/* x y / sqrt(xx yy), as the root of a rounded square: 1 and -1 come out exactly. */
static double
coefficient(const nrdi_big *xy, const nrdi_big *xx, const nrdi_big *yy)
{
    nrdi_big square, product;

    nrdi_big_multiply(xy, xy, &square);
    nrdi_big_multiply(xx, yy, &product);
    return copysign(sqrt(nrdi_big_ratio(&square, &product)), xy->sign);
}

/* The statistic of the data, from exact sums. */
nrd_status
nrdi_permutation_observe(nrd_permutation *test, size_t j, nrd_error *err)
{
    nrdi_permuted *own = &test->column[j];
    const int varies = test->statistic == NRD_STATISTIC_PEARSON ||
                       test->statistic == NRD_STATISTIC_SPEARMAN;
    nrdi_big xy, xx, yy;
    nrd_exact sum;

    if (test->statistic == NRD_STATISTIC_MEAN) {
        nrd_exact_init(&sum);
        NRDI_TRY(nrd_exact_add_array(&sum, own->y, test->n, 1, err));
        return nrd_exact_mean(&sum, test->n, &own->observed, err);
    }
    centred_product(test->x, test->x, test->n, &xx);
    centred_product(own->y, own->y, test->n, &yy);
    centred_product(test->x, own->y, test->n, &xy);
    if (varies && yy.sign == 0) {
        return nrdi_fail(err, NRD_E_CONFLICT, j, "the column does not vary");
    }
    /* The slope on 1 for sample 0 and 0 for sample 1 is the difference of their means. */
    own->observed = varies ? coefficient(&xy, &xx, &yy) : nrdi_big_ratio(&xy, &xx);
    return NRD_OK;
}
