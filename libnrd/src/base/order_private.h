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

/* Two neighbours, counted from 0, and how much of each: shares that add up to 1. */
typedef struct {
    uint64_t low, high;
    double below, above;
} nrdi_position;

/* Where p lies among n values by one of the nine types. */
nrdi_position nrdi_quantile_locate(double p, uint64_t n, int type);

/* low + above * (high - low), where below is 1 - above and low <= high. */
double nrdi_quantile_between(double low, double high, double below, double above);

#endif
