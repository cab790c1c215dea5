#ifndef NRD_CROSSWALK_H
#define NRD_CROSSWALK_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * Which units (sources) went into which (targets), target by target.
 *
 * The parts of target t are at places start[t] up to start[t + 1]: the source of each, and
 * the share of the source that went there. A share that nobody has published is NaN. The
 * shares of a source over all targets add up to 1; that is not looked at here.
 */
typedef struct {
    size_t sources;
    size_t targets;
    const size_t *start;  /* targets + 1 places, ascending from 0 */
    const size_t *source; /* source of each part, below sources */
    const double *share;  /* share of the source, in (0, 1], or NaN */
} nrd_crosswalk;

/** What becomes of the values of the parts of a unit. */
typedef enum {
    NRD_HARMONISE_SUM = 0,  /* the sum: population, land, money */
    NRD_HARMONISE_MEAN = 1, /* the mean, weighted by another column */
    NRD_HARMONISE_RATE = 2, /* sum / sum of another column, times above / below */
    NRD_HARMONISE_ALL = 3,  /* 1 if all parts have 1, 0 if one has 0 */
    NRD_HARMONISE_ANY = 4,  /* 1 if one part has 1, 0 if all have 0 */
    NRD_HARMONISE_SHARE = 5 /* 1 if parts with 1 have above / below of another column */
} nrd_harmonise_kind;

/** One result: a rule, its column, and the other column where the rule needs one. */
typedef struct {
    nrd_harmonise_kind kind;
    size_t column;
    size_t other; /* MEAN, RATE, SHARE: column of weights, denominators, weights */
    double above; /* RATE: 100 for percent; SHARE: 11 of 11 / 20, so that 55 % is exact */
    double below; /* whole, more than 0, as is above; SHARE: at least above */
} nrd_harmonise_rule;

/** Values of units over periods, as rows in any order. */
typedef struct {
    size_t rows;
    size_t periods;
    const int32_t *row; /* units x periods: the row of each, or -1 where there is none */
    size_t count;
    const double *const *columns; /* count columns of `rows` values; a NaN is missing */
    const char *const *names;     /* of the columns, for messages; may be NULL */
} nrd_panel;

/**
 * Values of the targets from those of the sources: least and greatest possible ones.
 *
 * Columns of printed decimals, as nrd_column_decimals finds them, are taken as such. Where
 * every share is known the two are the same: sums are exact and rounded once, or twice
 * where decimals are divided, means and rates within 2 units in the last place. Where
 * a share is unknown, it may be anything from 0 to 1, and the bounds are tight for each
 * target by itself. A missing value of a part makes the result missing (both NaN) under
 * SUM, MEAN and RATE, and leaves it open from 0 to 1 under ALL, ANY and SHARE unless the
 * other parts decide. So does a mean of no weight and a rate of no denominator. Values of
 * ALL, ANY and SHARE are 0, 1, or NaN for unknown.
 *
 * @param[in]  links      the crosswalk
 * @param[in]  panel      values of the sources, with at least one column and period
 * @param[in]  rules      what to compute
 * @param[in]  n          number of rules, may be 0
 * @param[in]  threads    as in nrd_thread_count
 * @param[in]  stop       where it is not NULL and becomes other than 0 the call ends soon
 * @param[out] low_out    n x targets x periods least values, rule by rule, target by
 * target; written only on success, or where the call was stopped
 * @param[out] high_out   for each rule where its greatest values go, targets x periods;
 *                        likewise. NULL, as may be all of it, where they are the least
 * ones: all shares are known, and the rule is SUM, MEAN or RATE
 * @param[out] totals_out n x periods x 3: of each sum the exact totals, rounded, of the
 *                        values before, over the sources that are a part, and of the least
 *                        and greatest values after, as they are rounded; NaN for other
 * rules and where a value is missing; likewise
 * @param[out] err        reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer other than stop, names or high_out is NULL, or one of
 *                         the last that is needed
 * @retval NRD_E_SIZE      there is no column or period, the starts do not ascend from 0, or
 *                         the result is too large
 * @retval NRD_E_UNKNOWN   a source, then the row of the error is its part, a row, then it
 * is its place, or the column of a rule, then it is the rule, is not there
 * @retval NRD_E_DOMAIN    a share is outside (0, 1], a rule or its factor cannot be, or at
 *                         the row of the error a value is infinite, a weight or denominator
 *                         negative, a numerator above 0 of a denominator 0, or a value of
 *                         ALL, ANY or SHARE other than 0 and 1
 * @retval NRD_E_MEMORY    no memory left
 * @retval NRD_E_CANCELLED *stop became other than 0
 *
 * Source: bounds of a quotient of sums by taking the parts in the order of their own
 * quotients, as in the fractional knapsack: G. B. Dantzig, Oper. Res. 5 (1957) 266-277.
 */
NRD_API NRD_NODISCARD nrd_status nrd_crosswalk_apply(const nrd_crosswalk *links,
    const nrd_panel *panel, const nrd_harmonise_rule *rules, size_t n, int threads,
    const int *stop, double *low_out, double *const *high_out, double *totals_out,
    nrd_error *err);

/* cffi: end */

#endif
