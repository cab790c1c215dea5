#ifndef NRDI_MOMENTS_READ_PRIVATE_H
#define NRDI_MOMENTS_READ_PRIVATE_H

#include "moments_private.h"

/* What one call is about; read by all threads. */
typedef struct {
    const nrd_moments *state;
    const nrd_column *columns;
    const nrd_column *group;
    int64_t first_group;
    const nrd_column *weight;
    const int *stop;
    size_t rows;
    int workers;
    struct nrdi_worker *worker;
} nrdi_update;

/* What one thread holds. */
typedef struct nrdi_worker {
    const nrd_moments *kind;
    nrd_moments *state; /* with groups or weights */
    nrd_exact *sums;    /* without */
    int *exponents;
    nrdi_range *ranges;
    double *buffer;       /* columns and weight, NRDI_BLOCK values each */
    const double **dense; /* columns of a block */
    size_t *group;
    int *low; /* exponents of columns and weight, for the windows */
    int *high;
    uint64_t added;
    uint64_t dropped;
    nrd_status status;
    nrd_error err;
} nrdi_worker;

/* Whether rows have neither groups nor weights, nor powers. */
static inline int
nrdi_update_is_plain(const nrdi_update *u)
{
    return u->group == NULL && u->weight == NULL && u->state->powers == NULL;
}

/* Read rows start .. start + n - 1: complete ones only, checked; own->dropped counts the
 * others. Where nothing is missing and nothing is to be changed the block lies where the
 * caller's columns do. */
nrd_status nrdi_read_block(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out);

#endif
