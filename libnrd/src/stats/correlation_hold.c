/* What is held while rows are exchanged: means of strata, covariates, weights.
 *
 * With covariates the residuals of x are exchanged and fitted anew, and r is that of what
 * is left: the partial correlation of D. Freedman, D. Lane, J. Bus. Econ. Statist. 1 (1983)
 * 292-298. With weights rows keep theirs and their y, and r is taken over its error, as C.
 * J. DiCiccio, J. P. Romano, J. Amer. Statist. Assoc. 112 (2017) 1211-1220, so that the
 * level holds in large samples where r is 0 but x has to do with the weights or the spread
 * of y. */

#include "correlation_hold_private.h"

#include <string.h>

#include "status_private.h"

/* What is left of a unit vector counts as nothing below this. */
#define NOTHING 0x1p-30

/* Of its square, what covariates may leave without a second look. */
#define MUCH 0.25

nrd_status
nrdi_held_make(nrdi_held *out, size_t covariates, const double *weight)
{
    double most = 0.0;

    out->basis = nrdi_malloc(out->n + 1, (covariates + 1) * sizeof *out->basis);
    if (weight != NULL) {
        out->root = nrdi_malloc(out->n + 1, sizeof *out->root);
    }
    if (out->basis == NULL || (weight != NULL && out->root == NULL)) {
        nrdi_held_free(out);
        return NRD_E_MEMORY;
    }
    for (size_t i = 0; i < out->n && weight != NULL; i++) {
        most = fmax(most, weight[i]);
    }
    for (size_t i = 0; i < out->n && weight != NULL; i++) {
        out->root[i] = sqrt(weight[i] / most);
    }
    return NRD_OK;
}

void
nrdi_held_free(nrdi_held *of)
{
    nrdi_free(of->basis);
    nrdi_free(of->root);
    of->basis = of->root = NULL;
}

/* Length 1, or zeros where it is below a limit. */
static void
normalise(double *column, size_t n, double least)
{
    const double length = sqrt(nrdi_held_dot(column, column, n));
    const double factor = length > least ? 1.0 / length : 0.0;

    for (size_t i = 0; i < n; i++) {
        column[i] *= factor;
    }
}

void
nrdi_held_centre(const nrdi_held *of, double *values)
{
    double most = 0.0;

    for (size_t s = 0; s < of->strata; s++) {
        const size_t first = of->start[s], end = of->start[s + 1];
        double mean, low = (double) INFINITY, high = -(double) INFINITY;
        nrd_exact sum;

        nrd_exact_init(&sum);
        for (size_t i = first; i < end; i++) {
            nrd_exact_add(&sum, values[i]);
            low = fmin(low, values[i]);
            high = fmax(high, values[i]);
        }
        mean = nrd_exact_round(&sum) / (double) (end - first);
        for (size_t i = first; i < end; i++) {
            values[i] = low < high ? values[i] - mean : 0.0;
            most = fmax(most, fabs(values[i]));
        }
    }
    for (size_t i = 0; i < of->n && most > 0.0; i++) {
        values[i] /= most;
    }
    normalise(values, of->n, 0.0);
}

/* Take the covariates out; once more where they were much of it, so that what is left is at
 * a right angle to them. */
static void
project(const nrdi_held *of, double *column)
{
    double left = 0.0;

    for (int look = 0; look < 2 && left < MUCH; look++) {
        for (size_t k = 0; k < of->width; k++) {
            const double *own = of->basis + k * of->n;
            const double part = nrdi_held_dot(own, column, of->n);

            for (size_t i = 0; i < of->n; i++) {
                column[i] -= part * own[i];
            }
        }
        left = nrdi_held_dot(column, column, of->n);
    }
    normalise(column, of->n, NOTHING);
}

void
nrdi_held_add(nrdi_held *of, double *values)
{
    double *own = of->basis + of->width * of->n;

    nrdi_held_centre(of, values);
    project(of, values);
    memcpy(own, values, of->n * sizeof *own);
    of->width += nrdi_held_dot(own, own, of->n) > 0.5;
}

/* Ranks with weights of numbers of different values: as nrd_correlation_pairs has them. */
static void
rank(const nrdi_held *of, double *column, double *room)
{
    double *sum = room, *squares = room + of->n, below = 0.0;

    memset(room, 0, 2 * of->n * sizeof *room);
    for (size_t i = 0; i < of->n; i++) {
        const size_t level = (size_t) column[i];
        const double weight = of->root[i] * of->root[i];

        sum[level] += weight;
        squares[level] += weight * weight;
    }
    for (size_t l = 0; l < of->n; l++) {
        const double before = below;

        below += sum[l];
        sum[l] = sum[l] > 0.0 ? before + 0.5 * (sum[l] - squares[l] / sum[l]) : before;
    }
    for (size_t i = 0; i < of->n; i++) {
        column[i] = sum[(size_t) column[i]];
    }
}

/* Less the weighted means of strata, times the roots of the weights. */
static void
weigh(const nrdi_held *of, double *column)
{
    for (size_t s = 0; s < of->strata; s++) {
        const size_t first = of->start[s], end = of->start[s + 1];
        double mean = 0.0, all = 0.0, low = column[first], high = column[first];

        for (size_t i = first; i < end; i++) {
            const double weight = of->root[i] * of->root[i];

            mean += weight * column[i];
            all += weight;
            low = fmin(low, column[i]);
            high = fmax(high, column[i]);
        }
        mean = all > 0.0 ? mean / all : low;
        for (size_t i = first; i < end; i++) {
            column[i] = low < high ? of->root[i] * (column[i] - mean) : 0.0;
        }
    }
    normalise(column, of->n, 0.0);
}

void
nrdi_hold(const nrdi_held *of, double *column, double *room)
{
    if (of->root != NULL) {
        if (of->is_ranked) {
            rank(of, column, room);
        }
        weigh(of, column);
    } else if (of->width > 0) {
        project(of, column);
    }
}

double
nrdi_held_size(const nrdi_held *of, const double *x, const double *y)
{
    double sum[4] = {0.0, 0.0, 0.0, 0.0}, squares[4] = {0.0, 0.0, 0.0, 0.0}, all;

    if (of->root == NULL) {
        return nrdi_held_dot(x, y, of->n);
    }
    for (size_t i = 0; i < of->n; i++) {
        const double product = x[i] * y[i];

        sum[i % 4] += product;
        squares[i % 4] += product * product;
    }
    all = (squares[0] + squares[1]) + (squares[2] + squares[3]);
    return all > 0.0 ? ((sum[0] + sum[1]) + (sum[2] + sum[3])) / sqrt(all) : 0.0;
}
