#ifndef NRDI_PERMUTATION_PRIVATE_H
#define NRDI_PERMUTATION_PRIVATE_H

#include <nrd/permutation.h>

#include <math.h>

#include "exact_block_private.h"
#include "order_private.h"
#include "random_private.h"

/* Columns are filled up with zeros to a multiple of this, which kernels like. */
#define NRDI_ROOM 32

/* Two-sided tests count on both sides. */
#define NRDI_SIDES 2

/* Units of a stratum that have the same number of rows: they can be exchanged. */
typedef struct {
    size_t first; /* place of the first one in `member` */
    size_t count;
    size_t rows; /* of each */
} nrdi_exchange;

/* Who can be exchanged with whom. */
typedef struct {
    size_t units;
    size_t *start;  /* row where each unit begins, and the end */
    size_t *member; /* units, exchange by exchange */
    nrdi_exchange *exchange;
    size_t exchanges;
    int plain;      /* one exchange, of all rows */
    uint32_t *code; /* by place: units with the same content have the same code */
    uint32_t *like; /* by first + code: a place whose unit has the content */
    uint64_t arrangements;
} nrdi_exchanges;

/* Values less a centre, times a power of 2. */
typedef struct {
    double *value; /* `room` of them: n, then 0 up to a multiple of NRDI_ROOM */
    double unit;   /* what 1 of the values stands for */
    double centre;
    double norm; /* at least the root of the sum of squares */
    int bits;    /* all values are whole multiples of 2^-bits; -1 where they were rounded */
} nrdi_centred;

/* A column, and how its statistic is estimated: a number that ascends with the statistic.
 */
typedef struct {
    const double *y;   /* as given, or ranks */
    nrdi_centred from; /* sums of products */
    double observed;   /* the statistic of the data */
    double estimate;   /* of the data */
    double bound;      /* how far each estimate may be off */
    double middle;     /* mean of the estimate over all arrangements */
    double other_side; /* as far from the middle as the data */
    double other_bound;
    double unit; /* the statistic is unit * (estimate - origin) */
    double origin;
    double scale;       /* what makes columns comparable */
    double joint_bound; /* how far what is compared may be off */
    nrd_exact *sum;     /* exact sum of x y of the data; NULL where no estimate is off */
    uint32_t *order;    /* rows in the order of y: tau and quantiles */
    uint32_t *level;    /* tau: the place of each of these among the different y */
} nrdi_permuted;

/* What is counted on one side: places by column. */
typedef struct {
    nrd_alternative side; /* greater, less or absolute */
    uint64_t *extreme;
    uint64_t *used;
    uint64_t *joint; /* by rank: arrangements whose greatest is as extreme */
    uint32_t *rank;  /* columns, the most extreme first */
    double *data;    /* how extreme the data are in these, on a scale for all columns */
} nrdi_side;

struct nrd_permutation {
    nrd_statistic statistic;
    nrd_permutation_options options;
    size_t n, room, columns;
    nrdi_exchanges units;
    double *x;            /* as given, or ranks, or 1 for sample 0; NULL for signs */
    double *ranks;        /* of all columns, where these are what counts */
    nrdi_centred centred; /* of x */
    double *y;            /* all columns centred, one after another; NULL without sums */
    uint32_t *level;      /* tau: place of each x among the different ones */
    size_t levels;
    double untied;       /* tau: pairs of different x */
    nrdi_position at[2]; /* of the quantile in each sample */
    nrdi_permuted *column;
    nrdi_side side[NRDI_SIDES];
    size_t sides;
    uint64_t total, done;
    uint64_t open; /* columns that have not had enough */
};

/* What a thread works with. */
typedef struct {
    uint32_t *source; /* the row each row takes its x from, unless x was shuffled */
    int shuffled;
    uint64_t number;  /* of the arrangement that was drawn */
    uint32_t *order;  /* a permutation of units */
    uint32_t *code;   /* arrangement by places, where all are looked at */
    uint64_t turned;  /* signs, where all are looked at */
    double *x;        /* in this arrangement, centred; signs */
    double *exact;    /* as given */
    double *estimate; /* of each column */
    int64_t *tree;
    double picked[4]; /* the order statistics that make a difference of quantiles */
    uint8_t *flags;   /* row of the arrangement, see below */
} nrdi_arranged;

/* Bits of a flag: as extreme on side s, and so is the greatest of the columns below. */
#define NRDI_EXTREME(s) (1U << (s))
#define NRDI_JOINT(s) (4U << (s))

nrd_status nrdi_exchanges_make(
    const nrd_permutation_design *design, const double *x, nrdi_exchanges *out);
void nrdi_exchanges_free(nrdi_exchanges *units);

/* Signs: 2^units; else the different arrangements of contents. */
void nrdi_exchanges_count(nrdi_exchanges *units, int signs);

/* Put the arrangement drawn with a number, the one in `own`, or the next one, into own. */
void nrdi_arrange_drawn(const nrd_permutation *test, uint64_t number, nrdi_arranged *own);
void nrdi_arrange_listed(const nrd_permutation *test, nrdi_arranged *own);
void nrdi_arrange_next(const nrd_permutation *test, nrdi_arranged *own);

/* Draw the arrangement that own has once more, of other values. */
void nrdi_arrange_again(
    const nrd_permutation *test, const nrdi_arranged *own, const double *from, double *to);

/* Centre and scale values; a centre of 0 is kept where keep_zero. */
nrd_status nrdi_centre(const double *values, size_t n, int keep_zero, nrdi_centred *out,
    size_t column, nrd_error *err);

/* Rows in the order of values, and the place of each among the different values: for each
 * row where by_row, else for each place in the order. */
nrd_status nrdi_permutation_levels(const double *values, size_t n, int by_row,
    uint32_t *order_out, uint32_t *level_out, size_t *levels_out);

/* Pairs of different values, from their levels in order. */
double nrdi_permutation_pairs(const uint32_t *level, size_t n);

/* Everything about a column that does not change with the arrangement; own has that of the
 * data. */
nrd_status nrdi_permutation_column(
    nrd_permutation *test, size_t j, nrdi_arranged *own, nrd_error *err);

/* The same of x and all columns, and who is exchanged. */
nrd_status nrdi_permutation_prepare(
    nrd_permutation *test, const nrd_permutation_design *design, nrd_error *err);

/* The statistic of the data in a column, from exact sums. */
nrd_status nrdi_permutation_observe(nrd_permutation *test, size_t j, nrd_error *err);

/* Estimates of all columns for the arrangement in own; 0 where *stop became other than 0.
 */
int nrdi_permutation_estimate(
    const nrd_permutation *test, nrdi_arranged *own, const int *stop);

/* The estimate of one column, which leaves what a close comparison needs. */
double nrdi_permutation_estimate_one(
    const nrd_permutation *test, nrdi_arranged *own, size_t column);

/* Add the quantile of sample 0, and take away that of sample 1, without rounding. */
void nrdi_permutation_add_picked(
    const nrd_permutation *test, const double *picked, nrd_exact *sum);

/* Fill own->flags from the estimates. */
void nrdi_permutation_compare(const nrd_permutation *test, nrdi_arranged *own);

/* How extreme an estimate is, on a scale for all columns. */
static inline double
nrdi_permutation_extremeness(
    const nrdi_permuted *column, double estimate, nrd_alternative side)
{
    const double z = (estimate - column->middle) * column->scale;

    return side == NRD_ALTERNATIVE_GREATER ? z
           : side == NRD_ALTERNATIVE_LESS  ? -z
                                           : fabs(z);
}

nrd_status nrdi_arranged_new(const nrd_permutation *test, nrdi_arranged *out);
void nrdi_arranged_free(nrdi_arranged *own);

#endif
