#ifndef NRDI_ORDER_PRIVATE_H
#define NRDI_ORDER_PRIVATE_H

#include <nrd/order.h>

/* No array of doubles is longer, and the positions of quantiles stay below 2^64. */
#define NRDI_ORDER_LIMIT (SIZE_MAX / 16)

/* A value as an unsigned number that ascends with it, and what goes along: its row, or what
 * stands there, since looking that up after the sort would miss the cache each time. */
typedef struct {
    uint64_t key;
    uint64_t item;
} nrdi_entry;

/* The key of a value that is not NaN; -0.0 has the key of +0.0. */
uint64_t nrdi_order_key(double value);

/* The value of a key. */
double nrdi_order_value(uint64_t key);

/* Sort by key, entries with equal keys as they come; spare has room for n, too. */
void nrdi_order_entries(nrdi_entry *entries, nrdi_entry *spare, size_t n);

/* The same, but where *stop becomes other than 0 it ends soon, with the entries in any
 * order. */
void nrdi_order_entries_until(
    nrdi_entry *entries, nrdi_entry *spare, size_t n, const int *stop);

/* The values, checked before, as sorted entries; released with nrdi_free. The items are n
 * of 64 bits each, or NULL for the rows. */
nrd_status nrdi_order_sorted(
    const double *values, const void *items, size_t n, nrdi_entry **out, nrd_error *err);

/* NRD_E_SIZE where n is too large, NRD_E_DOMAIN where a value is NaN. */
nrd_status nrdi_order_check_size(size_t n, nrd_error *err);
nrd_status nrdi_order_check_values(const double *values, size_t n, nrd_error *err);

/* The checks of all quantiles but for the values: NULL, size, options. */
nrd_status nrdi_quantile_check(const void *values, const void *weights, size_t n,
    const nrd_quantile_options *options, const double *out, nrd_error *err);

/* Most values that frequencies may stand for: no double is then the nearest to two p with
 * a whole position. */
#define NRDI_MOST_REPEATED (((uint64_t) 1 << 52) - 1)

/* Two neighbours, counted from 0, and how much of each: shares that add up to 1. */
typedef struct {
    uint64_t low, high;
    double below, above;
} nrdi_position;

/* Where p lies among n values, exactly. */
nrdi_position nrdi_quantile_locate(double p, uint64_t n, int type);

/* Quantiles of n values, at least 1, that were checked; of which only those near a position
 * are sorted. NRD_E_CANCELLED where *stop became other than 0, NRD_E_MEMORY. */
nrd_status nrdi_quantile_select(const double *values, size_t n,
    const nrd_quantile_options *options, const int *stop, double *out, nrd_error *err);

/* Quantiles of sorted entries whose items are frequencies, of which not all are 0; they
 * become sums. */
void nrdi_quantile_repeated(
    nrdi_entry *entries, size_t n, const nrd_quantile_options *options, double *out);

/* Quantiles of sorted entries whose items are the bits of weights, of which not all are 0;
 * by_p are the probabilities, sorted, and their places. */
void nrdi_quantile_weighted(nrdi_entry *entries, size_t n,
    const nrd_quantile_options *options, const nrdi_entry *by_p, double *out);

/* Types that weights have. */
nrd_status nrdi_quantile_check_weighted(
    const nrd_quantile_options *options, nrd_error *err);

/* low + above * (high - low), where below is 1 - above and low <= high. */
double nrdi_quantile_between(double low, double high, double below, double above);

#endif
