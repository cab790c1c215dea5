#ifndef NRDI_PROJECTION_PRIVATE_H
#define NRDI_PROJECTION_PRIVATE_H

#include <nrd/projection.h>

#include <stddef.h>

/* A series on its scale, in memory of a worker that has room for the longest one. */
typedef struct {
    const nrd_projection_rows *rows;
    const nrd_projection_options *options;
    size_t series;
    size_t begin; /* its first row */
    size_t n;
    size_t last;       /* rows before the last standard, of those of the series */
    double target;     /* on the scale */
    double *from;      /* n times, less the mean of their standard */
    double *value;     /* n values, less the mean of their standard */
    double *error;     /* n residuals; those that a replicate drew */
    double *intercept; /* of each replicate, at the centre of the last standard */
    double *slope;
    double *drawn; /* one number a replicate */
    double df;     /* of the last quantile of Student's t, and that: most series have one */
    double t;
} nrdi_projected;

/* A figure on the scale, and back. */
double nrdi_projection_to(const nrd_projection_rows *rows, double figure);
double nrdi_projection_back(const nrd_projection_rows *rows, double value);

/* Whether a figure lies on the scale. */
int nrdi_projection_has(const nrd_projection_rows *rows, double figure);

/* The line of a series, and its state; where it is not made all else stays NaN. */
void nrdi_projection_fit(nrdi_projected *own, nrd_projection *out);

/* Figures to come and the time of the target by Student's t. */
void nrdi_projection_student(
    nrdi_projected *own, nrd_projection_point *points, nrd_projection *out);

/* The same by the bootstrap: NRD_E_CANCELLED, NRD_E_MEMORY. */
nrd_status nrdi_projection_draw(const nrdi_projected *own, nrd_projection_point *points,
    nrd_projection *out, nrd_error *err);

/* Rows of the standard that begins with this row of the series. */
static inline size_t
nrdi_projection_rows_of(const nrdi_projected *own, size_t begin)
{
    const int32_t *standard = own->rows->standard;
    size_t end = begin + 1;

    if (standard == NULL) {
        return own->n;
    }
    standard += own->begin;
    while (end < own->n && standard[end] == standard[begin]) {
        end++;
    }
    return end - begin;
}

/* Estimate of a figure to come, on the scale. */
static inline double
nrdi_projection_line(const nrd_projection *out, double time)
{
    return out->mean + out->slope * (time - out->centre);
}

#endif
