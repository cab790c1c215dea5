#ifndef NRDI_CROSSWALK_PRIVATE_H
#define NRDI_CROSSWALK_PRIVATE_H

#include <nrd/crosswalk.h>

#include <string.h>

#include "column_private.h"
#include "exact_block_private.h"

/* Sums of whole numbers whose sizes add up to less are exact in a double, NRDI_ROUND parts
 * them from what is left of a fraction, and they are exact in 128 bits when shares, which
 * are multiples of 2^-63 from this one on, are multiplied to them. */
#define NRDI_WHOLE 0x1p51
#define NRDI_LEAST_SHARE 0x1p-10

/* Rows that are added up at once. */
#define NRDI_ROWS 32

/* A column as it is added up: printed decimals as whole numbers. */
typedef struct {
    const double *values;
    double unit;    /* 10^decimals, or 1: what the values are multiplied by */
    double largest; /* size of the largest product; infinite where they are not whole */
    nrdi_look look;
} nrdi_harmonise_column;

/* A rule, with the units of its columns in its factors. */
typedef struct {
    nrd_harmonise_rule is;
    int whole; /* whether all sums of a target stay below NRDI_WHOLE */
} nrdi_harmonise_rule;

/* One call. */
typedef struct {
    const nrd_crosswalk *links;
    const nrd_panel *panel;
    const int *stop;
    const nrdi_kernels *kernels;
    size_t n;
    nrdi_harmonise_rule *rules;
    nrdi_harmonise_column *columns;
    size_t padded;    /* periods, and more up to a multiple of NRDI_LANES */
    int32_t *run;     /* first of `padded` rows of each source in order, or -1 */
    uint8_t *reached; /* whether each source is a part of a target */
    uint8_t *cut;     /* whether each target has a share between 0 and 1 */
    size_t most;      /* parts of the target that has most */
    int unknown;      /* whether a share is */
    int tiny;         /* whether a share is below NRDI_LEAST_SHARE */
    double *low;
    double *const *high; /* of each rule; NULL where that is low */
    double *totals;
} nrdi_harmonising;

/* One part of a target in one period. */
typedef struct {
    double share; /* of its source; NaN: unknown */
    double value; /* NaN: missing */
    double other; /* value of the other column, 0 where the rule has none */
} nrdi_part;

/* What a thread works with: `most` parts, and `padded` values of each kind. */
typedef struct {
    nrdi_part *parts;
    double *value;
    double *other;
    double *sum[2];
    nrdi_int128 *fraction;
    nrd_exact *exact;
} nrdi_harmonise_scratch;

/* Check links, panel, rules and values of a call, and set up all of it but the outputs,
 * from nrdi_malloc; what was set up must be freed after a failure too. */
nrd_status nrdi_harmonise_begin(
    nrdi_harmonising *in, const nrd_harmonise_rule *rules, int threads, nrd_error *err);

/* The least and the greatest value of a target from n parts, at least 1; the parts may come
 * back in another order. */
void nrdi_harmonise_unit(
    const nrdi_harmonise_rule *rule, nrdi_part *parts, size_t n, double *low, double *high);

/* All periods of a target at once; 0, and nothing done, where that is not to be had. high
 * is NULL where that is low. */
int nrdi_harmonise_periods(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule,
    size_t target, nrdi_harmonise_scratch *scratch, double *low, double *high);

/* The totals of a rule that sums, and its results in the units of its column. */
void nrdi_harmonise_finish(
    const nrdi_harmonising *in, size_t rule, nrdi_harmonise_scratch *scratch);

/* Values of a source in all periods, in the units of the column: where they lie, or in
 * `held`, which has room for `padded`. */
const double *nrdi_harmonise_row(const nrdi_harmonising *in,
    const nrdi_harmonise_column *column, size_t source, double *held);

/* Rows of `padded` values that are added to as many sums, in doubles that hold them. */
typedef struct {
    nrdi_add_units *add;
    double *sum;
    size_t padded;
    double unit;
    size_t count;
    const double *rows[NRDI_ROWS];
} nrdi_adding;

/* Nothing is added yet; the rows are left as they are. */
static inline void
nrdi_adding_begin(
    nrdi_adding *to, const nrdi_kernels *kernels, double *sum, size_t padded, double unit)
{
    to->add = kernels->add_units;
    to->sum = sum;
    to->padded = padded;
    to->unit = unit;
    to->count = 0;
    memset(sum, 0, padded * sizeof *sum);
}

static inline void
nrdi_adding_flush(nrdi_adding *to)
{
    to->add(to->sum, to->rows, to->count, to->padded, to->unit);
    to->count = 0;
}

/* Add a row, which must stay as it is until the next flush. */
static inline void
nrdi_adding_put(nrdi_adding *to, const double *row)
{
    if (to->count == NRDI_ROWS) {
        nrdi_adding_flush(to);
    }
    to->rows[to->count++] = row;
}

/* Add the values of a source; `held` is as above. */
void nrdi_harmonise_add(const nrdi_harmonising *in, const nrdi_harmonise_column *column,
    size_t source, double *held, nrdi_adding *to);

/* Where the greatest values of a rule go, or NULL. */
static inline double *
nrdi_harmonise_high(const nrdi_harmonising *in, size_t rule)
{
    return in->high != NULL ? in->high[rule] : NULL;
}

/* Whether a rule reads another column, and whether its values are 0 or 1. */
static inline int
nrdi_harmonise_has_other(nrd_harmonise_kind kind)
{
    return kind == NRD_HARMONISE_MEAN || kind == NRD_HARMONISE_RATE ||
           kind == NRD_HARMONISE_SHARE;
}

static inline int
nrdi_harmonise_is_state(nrd_harmonise_kind kind)
{
    return kind == NRD_HARMONISE_ALL || kind == NRD_HARMONISE_ANY ||
           kind == NRD_HARMONISE_SHARE;
}

/* The next of some items that threads take one after another. */
static inline size_t
nrdi_next(size_t *next)
{
    return __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
}

/* A share in units of 2^-63. */
static inline nrdi_int128
nrdi_harmonise_fixed(double share)
{
    return (nrdi_int128) (uint64_t) (share * 0x1p63);
}

#endif
