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

/* What thousands of groups are mostly asked for, means of one column without weights, is
 * added up in units of two levels (see NRDI_LEVEL) before it goes into records. */
typedef struct {
    int64_t rows;
    int64_t first;
    int64_t second;
} nrdi_tally;

typedef struct {
    int64_t first[NRDI_BLOCK];
    int64_t second[NRDI_BLOCK];
} nrdi_units;

/* What one thread holds. */
typedef struct nrdi_worker {
    const nrd_moments *kind;
    nrd_moments *state;  /* with groups or weights */
    nrd_exact *sums;     /* without */
    nrdi_tally *tallies; /* one for each group, where one column is all */
    nrdi_units *units;   /* of a block */
    int exponent;        /* that bounds the values in units */
    int *exponents;
    nrdi_range *ranges;
    double *buffer;       /* columns and weight, NRDI_BLOCK values each */
    const double **dense; /* columns of a block */
    int64_t *group;
    int *low; /* exponents of columns and weight, for the windows */
    int *high;
    int wider;  /* the range grew since the records were made wide enough */
    int ragged; /* some block was read row by row */
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

/* Take a block into what a thread fills; 0, and nothing is taken, where a value is not
 * finite. */
typedef int nrdi_take(nrdi_worker *own, const nrdi_rows_block *block);

/* A take that runs out of memory says so in own->status. */

/* Go through rows start .. end - 1 block by block. A block that cannot be taken as it lies,
 * for something missing or not finite, is read row by row. */
nrd_status nrdi_update_each_block(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t end, nrdi_take *take);

/* The way of rows with groups or weights, moments_rows.c: get ready; take rows start .. end
 * - 1 in a thread; add what all threads found; release. */
int nrdi_update_prepare_rows(const nrdi_update *u, nrdi_worker *own);
nrd_status nrdi_update_by_rows(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t end);
nrd_status nrdi_update_finish_rows(nrdi_update *u, nrd_moments *state, nrd_error *err);
void nrdi_update_release_rows(nrdi_worker *own);

/* Exponents of the least and greatest size in each column go into the range of a thread; 0
 * where a value is not finite. */
int nrdi_update_take_range(nrdi_worker *own, const nrdi_rows_block *block);

/* Make the records of a thread wide enough for the range of its values. */
nrd_status nrdi_update_widen(nrdi_worker *own, nrd_error *err);

/* The way of one column by group, moments_tally.c: get ready; take a block; add what a
 * thread holds to a state wide enough. */
int nrdi_update_prepare_tallies(const nrdi_update *u, nrdi_worker *own);
int nrdi_update_take_tallied(nrdi_worker *own, const nrdi_rows_block *block);
void nrdi_update_add_tallies(nrdi_worker *own, nrd_moments *into);

/* Rows start .. start + n - 1 as they lie where the caller's columns do, if nothing is
 * missing by a bitmap, and groups and weights are as they must be; else 0. Values may be
 * NaN or infinite, unless they go through decimals. */
int nrdi_read_dense(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out);

/* The same rows one by one: complete ones only, checked; own->dropped counts the others. */
nrd_status nrdi_read_rows(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t n, nrdi_rows_block *out);

#endif
