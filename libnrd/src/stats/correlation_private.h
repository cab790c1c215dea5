#ifndef NRDI_CORRELATION_PRIVATE_H
#define NRDI_CORRELATION_PRIVATE_H

#include <nrd/correlation_test.h>
#include <nrd/exact.h>
#include <nrd/moments.h>
#include <nrd/random.h>

#include "decimal_private.h"

/* Ranks, twice, and their products stay whole numbers of 63 bits. */
#define NRDI_CORRELATION_ROWS ((size_t) 1 << 26)

/* A column without missing values. The rest is there where it is put in order. */
typedef struct {
    const double *value;
    uint32_t *order; /* rows from the least value to the greatest */
    uint32_t *level; /* of each row: the place of its value among the different ones */
    size_t levels;
    int32_t *rank;        /* of each row: twice the average rank less that of the middle */
    nrdi_int128 squares;  /* sum of the squares of these */
    nrdi_int128 tied;     /* sums over the groups of equal values, of t (t - 1), */
    nrdi_int128 threes;   /* t (t - 1) (t - 2) */
    nrdi_int128 variance; /* and t (t - 1) (2 t + 5) */
} nrdi_ordered;

/* What a coefficient is computed from: x, y and the covariates, all of n rows. */
typedef struct {
    const nrd_correlation_options *options;
    size_t n;
    const nrdi_ordered *const *column;
    size_t covariates;
    const double *weight; /* NULL: none */
    const int64_t *unit;  /* NULL: none */
    size_t units;
    const double *known; /* the Pearson correlation, where it was found before; else NULL */
} nrdi_pair;

/* One call: columns less the rows that miss a weight, a unit or a covariate. */
typedef struct {
    const nrd_correlation_options *options;
    const nrd_pair *pairs;
    size_t n_pairs;
    size_t rows; /* of the caller, without those of weight 0 */
    size_t n;
    uint32_t *row;    /* the caller's number of each of these */
    size_t n_columns; /* of the caller */
    double *memory;
    uint8_t *complete;     /* whether nothing is missing in a column */
    nrdi_ordered *ordered; /* columns that a pair has; in order where complete and wanted */
    const size_t *covariate;
    size_t covariates;
    double *weight;
    int64_t *unit;
    size_t units;
    const int *stop;
    double *moments;   /* Pearson correlations of the complete columns; NULL: not at once */
    uint32_t *place;   /* of a column among these */
    size_t together;   /* number of them */
    size_t tasks;      /* pairs, or what is left out of one */
    size_t next;       /* task, or column, that no thread has taken */
    nrd_status status; /* of the first failure */
    nrd_correlation *out; /* NULL: rows of one pair are left out or repeated */
    double *left;
    const uint32_t *times; /* of each row of the caller, task by task; NULL: left out */
    size_t most;           /* rows that a task has at most */
} nrdi_correlation_plan;

/* Take the rows of a call; nrdi_correlation_release gives back what it holds. */
nrd_status nrdi_correlation_take(
    nrdi_correlation_plan *all, const nrd_correlation_data *data);
void nrdi_correlation_release(nrdi_correlation_plan *all);

/* Go through the pairs, or what is left of one. */
nrd_status nrdi_correlation_run(nrdi_correlation_plan *all, int threads);

/* Whether a method needs columns in order. */
int nrdi_correlation_is_ordered(const nrd_correlation_options *options);

/* Put a column in order; what it gets is released with nrdi_ordered_free. */
nrd_status nrdi_ordered_make(nrdi_ordered *column, size_t n);
void nrdi_ordered_free(nrdi_ordered *column);

/* The coefficient of complete rows; n, dropped and effective_n are there already.
 * NRD_E_MEMORY, and what nrd_regression_fit gives. */
nrd_status nrdi_correlation_of(const nrdi_pair *pair, nrd_correlation *out);

/* By method; each writes its fields of out. */
nrd_status nrdi_correlate_moments(
    const nrdi_pair *pair, const double *x, const double *y, nrd_correlation *out);
nrd_status nrdi_correlate_ranks(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_tau(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_distance(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_xi(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_robust(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_partial(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_partial_tau(const nrdi_pair *pair, nrd_correlation *out);
nrd_status nrdi_correlate_between(const nrdi_pair *pair, nrd_correlation *out);

/* Weights as whole numbers whose sum is below 2^62. */
nrd_status nrdi_whole_weights(const double *weight, size_t n, int64_t *out);

/* tau-b alone, without weights; NaN where a column does not vary. */
nrd_status nrdi_tau_of(const nrdi_ordered *x, const nrdi_ordered *y, size_t n,
    double *tau_out, double *se_out);

/* What winsorizing makes of a column, and bending: numbers whose sum of products is the
 * coefficient; 0 where nothing is left that varies. */
nrd_status nrdi_winsorize(const double *values, size_t n, double share, double *out);
nrd_status nrdi_bend(
    const double *values, size_t n, double share, double *out, int *varies_out);

/* Rows of a column that are not missing, of those listed. */
static inline void
nrdi_take(const double *values, const uint32_t *rows, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = values[rows[i]];
    }
}

/* A pair whose y is exchanged, for statistics that have a loop of their own. Row i gets the
 * y (or x) of row source[i]; whether the coefficient is then as great as that of the data,
 * or less than 0 where there is no memory. */
typedef struct nrdi_exchanged {
    int (*is_extreme)(struct nrdi_exchanged *of, const uint32_t *source);
    void (*end)(struct nrdi_exchanged *of);
} nrdi_exchanged;

nrd_status nrdi_distance_begin(const nrdi_pair *pair, nrdi_exchanged **out);
nrd_status nrdi_xi_begin(const nrdi_pair *pair, nrdi_exchanged **out);

/* Checks that all functions of correlations share. */
nrd_status nrdi_correlation_check(const nrd_correlation_data *data, const nrd_pair *pairs,
    size_t n, const nrd_correlation_options *options, const void *out, nrd_error *err);

/* One call of permutations. */
typedef struct {
    nrdi_correlation_plan *all;
    const nrd_correlation_arranging *how;
    uint32_t *rows; /* in the order of their strata */
    size_t *start;  /* rows before each stratum, and all */
    size_t strata;
    int inner; /* threads of one pair */
    nrd_correlation_arranged *out;
} nrdi_arranging;

/* The pairs one by one, as a thread; the first failure goes into of->all. */
void nrdi_arrange_pairs(void *shared, int worker);

/* All pairs together. */
nrd_status nrdi_arrange_together(nrdi_arranging *of, int threads);

/* Where each of so many rows, stratum by stratum, takes its value from in an arrangement:
 * that of the stream (seed, number, block). */
void nrdi_arrange_rows(nrd_random *rng, const size_t *start, size_t strata, uint32_t *out);

/* So many more arrangements were looked at. */
void nrdi_count_arranged(const nrdi_arranging *of, uint64_t count);

/* Rows of a pair, stratum by stratum, and room for where each takes its value from. */
typedef struct {
    const size_t *start;
    size_t strata;
    uint32_t *source;
    size_t n;
} nrdi_exchanged_rows;

/* What is exchanged: begin makes it of a pair, and leaves NULL where there is nothing. */
typedef struct {
    nrd_status (*begin)(const void *pair, nrdi_exchanged **out);
    const void *pair;
} nrdi_exchange_source;

/* All arrangements of a pair with a loop of its own, or some. */
nrd_status nrdi_arrange_own(const nrdi_arranging *of, nrdi_exchanged_rows rows,
    nrdi_exchange_source from, nrd_correlation_arranged *out);

/* Threads that share tasks: the next one, or `end` after a failure; the first failure is
 * kept. */
size_t nrdi_correlation_task(nrdi_correlation_plan *all, size_t end);
void nrdi_correlation_fail(nrdi_correlation_plan *all, nrd_status status);

#endif
