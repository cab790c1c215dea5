#ifndef NRDI_ORDER_GROUPS_PRIVATE_H
#define NRDI_ORDER_GROUPS_PRIVATE_H

#include <nrd/order_groups.h>

#include "order_private.h"

/* Small groups are of few sizes: the positions of each size up to this are kept. */
#define NRDI_SIZES_KEPT 64

/* What one thread holds. */
typedef struct {
    nrdi_entry *entries;
    nrdi_position *positions; /* for each size kept, and in the first place any other */
    size_t located[NRDI_SIZES_KEPT + 1]; /* the size that these are of; 0 at first */
    nrd_status status;
    nrd_error err;
} nrdi_group_worker;

/* What one call is about. */
typedef struct {
    const nrd_group_rows *rows;
    const nrd_quantile_options *options;
    const int *stop;
    size_t *ends;         /* where the values of each group end */
    uint64_t *weights;    /* sum of the frequencies, or number of weights above 0 */
    const double *values; /* group by group: where the caller's lie, or moved */
    double *moved;
    uint64_t *items; /* beside the values frequencies, or the bits of weights */
    nrdi_entry *by_p;
    double *out;
    size_t scratch; /* entries that a thread has room for, and as many spare ones */
    size_t next;    /* the first group that no thread has taken */
    int workers;
    nrdi_group_worker *worker;
} nrdi_grouping;

/* Check every row, and count those of each group and what they weigh: ends and weights. */
nrd_status nrdi_groups_count(nrdi_grouping *in, nrd_error *err);

/* Where the rows are of one group, without weights, and none lacks a value: leave them
 * where they lie; else 0. */
int nrdi_groups_lie_right(nrdi_grouping *in);

/* Put the rows group by group into moved and items; counts become ends. */
nrd_status nrdi_groups_place(nrdi_grouping *in, nrd_error *err);

#endif
