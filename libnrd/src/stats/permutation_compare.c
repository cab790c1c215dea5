/* One arrangement: estimates of the statistic of each column, compared with the data. */

#include "permutation_private.h"

#include <math.h>
#include <string.h>

#include "status_private.h"

/* Partial sums, as many as the registers of any processor hold. */
#define LANES 8

nrd_status
nrdi_arranged_new(const nrd_permutation *test, nrdi_arranged *out)
{
    const size_t tree = test->statistic == NRD_STATISTIC_KENDALL ? test->levels + 1 : 1;

    out->source = nrdi_malloc(test->n, sizeof *out->source);
    out->order = nrdi_malloc(test->n, sizeof *out->order);
    out->code = nrdi_malloc(test->n, sizeof *out->code);
    out->x = nrdi_malloc(test->room, sizeof *out->x);
    out->exact = nrdi_malloc(test->n, sizeof *out->exact);
    out->estimate = nrdi_malloc(test->columns, sizeof *out->estimate);
    out->tree = nrdi_malloc(tree, sizeof *out->tree);
    if (out->source == NULL || out->order == NULL || out->code == NULL || out->x == NULL ||
        out->exact == NULL || out->estimate == NULL || out->tree == NULL) {
        return NRD_E_MEMORY;
    }
    return NRD_OK;
}

void
nrdi_arranged_free(nrdi_arranged *own)
{
    nrdi_free(own->source);
    nrdi_free(own->order);
    nrdi_free(own->code);
    nrdi_free(own->x);
    nrdi_free(own->exact);
    nrdi_free(own->estimate);
    nrdi_free(own->tree);
}

/* Sum of products in one order, whatever the processor: it may be rounded. */
static double
rounded_dot(const double *x, const double *y, size_t n)
{
    double part[LANES] = {0.0};

    for (size_t i = 0; i < n; i += LANES) {
#pragma GCC unroll 8
        for (size_t k = 0; k < LANES; k++) {
            part[k] += x[i + k] * y[i + k];
        }
    }
    return ((part[0] + part[4]) + (part[2] + part[6])) +
           ((part[1] + part[5]) + (part[3] + part[7]));
}

/* Pairs in the same order in x and y less those in the other: rows come as y ascends, and a
 * tree counts the x before (P. M. Fenwick, Softw. Pract. Exper. 24 (1994) 327-336). */
static double
tau_numerator(const nrd_permutation *test, const nrdi_permuted *column, nrdi_arranged *own)
{
    int64_t out = 0, before = 0;

    memset(own->tree, 0, (test->levels + 1) * sizeof *own->tree);
    for (size_t first = 0, end = 0; first < test->n; first = end) {
        while (end < test->n && column->level[end] == column->level[first]) {
            const size_t x = test->level[own->source[column->order[end]]];
            int64_t less = 0, as_great = 0;

            for (size_t k = x; k > 0; k &= k - 1) {
                less += own->tree[k];
            }
            for (size_t k = x + 1; k > 0; k &= k - 1) {
                as_great += own->tree[k];
            }
            out += less - (before - as_great);
            end++;
        }
        for (size_t i = first; i < end; i++) {
            const size_t x = test->level[own->source[column->order[i]]];

            for (size_t k = x + 1; k <= test->levels; k += k & (0 - k)) {
                own->tree[k]++;
            }
        }
        before += (int64_t) (end - first);
    }
    return (double) out;
}

/* Pick the neighbours of both quantiles on one walk up the values. */
static double
quantile_difference(
    const nrd_permutation *test, const nrdi_permuted *column, nrdi_arranged *own)
{
    const nrdi_position *at = test->at;
    uint64_t seen[2] = {0};
    size_t missing = 4;

    for (size_t i = 0; i < test->n && missing > 0; i++) {
        const uint32_t row = column->order[i];
        const size_t s = test->x[own->source[row]] > 0.0 ? 0 : 1;

        if (seen[s] == at[s].low) {
            own->picked[2 * s] = column->y[row];
            missing--;
        }
        if (seen[s] == at[s].high) {
            own->picked[2 * s + 1] = column->y[row];
            missing--;
        }
        seen[s]++;
    }
    return nrdi_quantile_between(own->picked[0], own->picked[1], at[0].below, at[0].above) -
           nrdi_quantile_between(own->picked[2], own->picked[3], at[1].below, at[1].above);
}

void
nrdi_permutation_add_picked(
    const nrd_permutation *test, const double *picked, nrd_exact *sum)
{
    nrd_exact_add_product(sum, test->at[0].below, picked[0]);
    nrd_exact_add_product(sum, test->at[0].above, picked[1]);
    nrd_exact_add_product(sum, -test->at[1].below, picked[2]);
    nrd_exact_add_product(sum, -test->at[1].above, picked[3]);
}

/* Bring x into the arrangement, where sums of products are wanted. */
static void
arrange_x(const nrd_permutation *test, nrdi_arranged *own)
{
    const double *x = test->centred.value;

    if (x != NULL && !own->shuffled) {
        for (size_t i = 0; i < test->n; i++) {
            own->x[i] = x[own->source[i]];
        }
    }
}

/* As nrdi_permutation_estimate_one, of x that is arranged. */
static double
estimate(const nrd_permutation *test, nrdi_arranged *own, const nrdi_permuted *column)
{
    switch ((int) test->statistic) {
    case NRD_STATISTIC_KENDALL: return tau_numerator(test, column, own);
    case NRD_STATISTIC_QUANTILE: return quantile_difference(test, column, own);
    default: return rounded_dot(own->x, column->from.value, test->room);
    }
}

double
nrdi_permutation_estimate_one(
    const nrd_permutation *test, nrdi_arranged *own, size_t column)
{
    arrange_x(test, own);
    return estimate(test, own, &test->column[column]);
}

/* Whether the columns from j on, as many as a kernel takes at once, have sums of products
 * without rounding: then any order will do. */
static int
are_exact(const nrd_permutation *test, size_t j)
{
    int exact = test->y != NULL && j + NRDI_DOTS <= test->columns;

    for (size_t k = 0; exact && k < NRDI_DOTS; k++) {
        exact = !(test->column[j + k].bound > 0.0);
    }
    return exact;
}

int
nrdi_permutation_estimate(const nrd_permutation *test, nrdi_arranged *own, const int *stop)
{
    nrdi_dots *dots = nrdi_kernels_in_use()->dots;
    size_t j = 0;

    arrange_x(test, own);
    while (j < test->columns) {
        if (stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0) {
            return 0;
        }
        if (are_exact(test, j)) {
            dots(own->x, test->column[j].from.value, test->room, test->room,
                &own->estimate[j]);
            j += NRDI_DOTS;
        } else {
            own->estimate[j] = estimate(test, own, &test->column[j]);
            j++;
        }
    }
    return 1;
}

/* Sign of the statistic less that of the data, by exact sums. */
static int
compare_exactly(const nrd_permutation *test, nrdi_arranged *own, size_t j)
{
    const nrdi_permuted *column = &test->column[j];
    const double *x = own->x;
    nrd_exact sum;

    nrd_exact_init(&sum);
    if (test->statistic == NRD_STATISTIC_QUANTILE) {
        (void) quantile_difference(test, column, own); /* picks again */
        nrdi_permutation_add_picked(test, own->picked, &sum);
    } else {
        if (own->shuffled) {
            nrdi_arrange_again(test, own, test->x, own->exact);
            x = own->exact;
        } else if (test->x != NULL) {
            for (size_t i = 0; i < test->n; i++) {
                own->exact[i] = test->x[own->source[i]];
            }
            x = own->exact;
        }
        if (nrd_exact_add_products(&sum, x, column->y, test->n, NULL) != NRD_OK) {
            return 0; /* the arrays are there */
        }
    }
    nrd_exact_unmerge(&sum, column->sum);
    return nrd_exact_sign(&sum);
}

/* Sign of the statistic less that of the data. */
static int
compare(const nrd_permutation *test, nrdi_arranged *own, size_t j)
{
    const nrdi_permuted *column = &test->column[j];
    const double difference = own->estimate[j] - column->estimate;

    if (column->bound > 0.0 && fabs(difference) <= 2.0 * column->bound) {
        return compare_exactly(test, own, j);
    }
    return (difference > 0.0) - (difference < 0.0);
}

static int
is_extreme(const nrd_permutation *test, const nrdi_arranged *own, size_t j,
    nrd_alternative side, int sign)
{
    const nrdi_permuted *column = &test->column[j];
    const double other = own->estimate[j] - column->other_side;

    if (side == NRD_ALTERNATIVE_GREATER) {
        return sign >= 0;
    }
    if (side == NRD_ALTERNATIVE_LESS) {
        return sign <= 0;
    }
    return column->estimate >= column->middle ? sign >= 0 || other <= column->other_bound
                                              : sign <= 0 || -other <= column->other_bound;
}

/* From the least extreme column up: is the greatest so far as extreme as the data? Numbers
 * that rounding may have put apart count as equal. */
static void
compare_jointly(const nrd_permutation *test, nrdi_arranged *own, size_t s)
{
    const nrdi_side *side = &test->side[s];
    double greatest = -INFINITY;

    for (size_t i = test->columns; i-- > 0;) {
        const size_t j = side->rank[i];
        const nrdi_permuted *column = &test->column[j];
        const double highest = column->joint_bound + nrdi_permutation_extremeness(column,
                                                         own->estimate[j], side->side);

        if ((own->flags[j] & NRDI_EXTREME(s)) != 0 ||
            greatest >= side->data[i] - column->joint_bound) {
            own->flags[j] |= (uint8_t) NRDI_JOINT(s);
        }
        greatest = greatest > highest ? greatest : highest;
    }
}

void
nrdi_permutation_compare(const nrd_permutation *test, nrdi_arranged *own)
{
    for (size_t j = 0; j < test->columns; j++) {
        const int sign = compare(test, own, j);

        own->flags[j] = 0;
        for (size_t s = 0; s < test->sides; s++) {
            if (is_extreme(test, own, j, test->side[s].side, sign)) {
                own->flags[j] |= (uint8_t) NRDI_EXTREME(s);
            }
        }
    }
    for (size_t s = 0; s < test->sides && test->options.joint != 0; s++) {
        compare_jointly(test, own, s);
    }
}
