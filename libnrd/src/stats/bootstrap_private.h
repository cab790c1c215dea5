#ifndef NRDI_BOOTSTRAP_PRIVATE_H
#define NRDI_BOOTSTRAP_PRIVATE_H

#include <nrd/bootstrap_moments.h>

#include "decimal_private.h"
#include "slices_private.h"

/* Poisson numbers of one unit that are drawn together, one for each of as many replicates.
 */
#define NRDI_POISSON_REPLICATES 64

/* Places of the sums of means and relations: number of rows, of each column, and for
 * relations of their products. */
enum { NRDI_SUM_ROWS, NRDI_SUM_X, NRDI_SUM_Y, NRDI_SUM_XX, NRDI_SUM_XY, NRDI_SUM_YY };

/* What one thread holds while it computes replicates. */
typedef struct {
    uint8_t *count;             /* of each unit, or NRDI_POISSON_REPLICATES of each */
    uint64_t drawn;             /* which replicates stand there, plus 1; Poisson only */
    double *weights;            /* NRDI_DOTS of each row, and zeros behind them */
    double *memory;             /* of the weights */
    double *weight;             /* those in hand */
    double *sums;               /* of the slices, for all weights */
    const double *sums_in_hand; /* those of the weights in hand */
    nrdi_twofold *total;        /* of the columns that were cut into slices */
    int64_t *scratch;
    int by_unit; /* weights are those of units, not of rows */
    nrd_status status;
} nrdi_resample;

struct nrd_bootstrap {
    nrd_statistic statistic;
    nrd_scheme scheme;
    size_t n, units, strata, block, width, n_columns;
    uint64_t *unit_rows;     /* NULL: one row each */
    uint64_t *stratum_units; /* strata + 1 */
    uint64_t *key;           /* NULL: 0, 1, 2 ... */
    uint8_t *sample;
    double p;
    int type;
    double most; /* what the weights of the rows add up to at most */

    /* Sums: columns less their centre, times 2^-exponent, and what is made of them. */
    int flushed; /* a value was so small beside others that it counts as 0 */
    double **column;
    double *centre;
    int *exponent;
    nrdi_slices slices;
    nrdi_slices units_sliced; /* of units of more rows than one */
    nrdi_sliced *sliced;
    size_t n_sliced;

    /* Ranks: rows in the order of the first column, then of the second; groups of equal
     * values of both, by row; the values of the first in order. */
    uint32_t *order;
    uint32_t *group[2];
    size_t groups[2];
    double *sorted;
};

/* One call: what each thread does with count replicates or units from a number on, at most
 * NRDI_DOTS of them, and where to. */
typedef struct nrdi_run {
    const nrd_bootstrap *of;
    nrd_bootstrap_run options;
    void (*some)(const struct nrdi_run *all, nrdi_resample *own, size_t from, size_t count);
    double *out;
    double *se;
    uint32_t *weights;
    nrd_moments *moments;
    int workers;
    nrdi_resample *own;
} nrdi_run;

/* Do the work in threads; jackknife says whether units are left out. */
nrd_status nrdi_run_workers(nrdi_run *all, int jackknife);

/* Draw weights of replicates into own->weights. */
void nrdi_run_draw(const nrdi_run *all, nrdi_resample *own, size_t from, size_t count);

/* Say why nrdi_run_workers failed. */
nrd_status nrdi_run_failed(const nrdi_run *all, nrd_status status, nrd_error *err);

static inline size_t
nrdi_unit_start(const nrd_bootstrap *of, size_t unit)
{
    return of->unit_rows != NULL ? (size_t) of->unit_rows[unit] : unit;
}

static inline int
nrdi_is_block(nrd_scheme scheme)
{
    return scheme == NRD_SCHEME_MOVING || scheme == NRD_SCHEME_CIRCULAR;
}

/* Weights of the rows in a replicate into own->weight. */
void nrdi_resample_draw(
    const nrd_bootstrap *of, uint64_t seed, uint64_t replicate, nrdi_resample *own);

/* The two kinds of statistics: sums (bootstrap_sums.c), and ranks (bootstrap_ranks.c).
 * Where prepare fails, nrd_bootstrap_free releases what there is. */
int nrdi_is_sums(const nrd_bootstrap *of);
nrd_status nrdi_sums_prepare(nrd_bootstrap *of, const nrd_bootstrap_design *design);
nrd_status nrdi_ranks_prepare(nrd_bootstrap *of, const nrd_bootstrap_design *design);

/* Entries of own->scratch that the statistic needs. */
size_t nrdi_ranks_scratch(const nrd_bootstrap *of);

/* The statistic of own->weight: number k of own->weights, whose sums were found together
 * before. */
void nrdi_sums_weigh(const nrd_bootstrap *of, nrdi_resample *own);
void nrdi_sums_evaluate(const nrd_bootstrap *of, nrdi_resample *own, size_t k, double *out);
void nrdi_ranks_evaluate(const nrd_bootstrap *of, nrdi_resample *own, double *out);

/* The standard errors of what nrdi_sums_evaluate has just found in own. */
void nrdi_sums_error(const nrd_bootstrap *of, nrdi_resample *own, double *out);

/* The statistic without one unit, when the first sums of own are those of all rows. */
void nrdi_sums_without(
    const nrd_bootstrap *of, nrdi_resample *own, size_t unit, double *out);

/* Turn counts of groups into twice the average rank less that of the middle, a whole
 * number; the sum of its squares over the rows is the result. */
nrdi_int128 nrdi_rank_groups(int64_t *count, size_t groups, int64_t rows);

/* Pairs of rows within groups. */
int64_t nrdi_tied_pairs(const int64_t *count, size_t groups);

/* Rows by group in P. M. Fenwick's tree of groups + 1 numbers: add some, and count those of
 * the groups before one. */
void nrdi_tree_add(int64_t *tree, size_t groups, size_t group, int64_t rows);
int64_t nrdi_tree_before(const int64_t *tree, size_t group);

/* A whole number as two doubles. */
nrdi_twofold nrdi_twofold_of(nrdi_int128 x);

/* A statistic of ranks without each row in turn, into all->out. */
nrd_status nrdi_ranks_left(const nrdi_run *all);

/* above / sqrt(first * second), rounded once; NaN where one of these is not positive. */
double nrdi_over_root(nrdi_twofold above, nrdi_twofold first, nrdi_twofold second);

#endif
