/* Sorting and ranks; the quantiles build on the sorted entries. */

#include "order_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

#define DIGIT_BITS 8
#define DIGITS (1 << DIGIT_BITS)

/* Up to here counting digits costs more than insertion. */
#define FEW 32

#define SIGN ((uint64_t) 1 << 63)

uint64_t
nrdi_order_key(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    bits = bits << 1 != 0 ? bits : 0; /* both zeros are one value */
    return bits & SIGN ? ~bits : bits | SIGN;
}

double
nrdi_order_value(uint64_t key)
{
    const uint64_t bits = key & SIGN ? key & ~SIGN : ~key;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void
insert_each(nrdi_entry *entries, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const nrdi_entry entry = entries[i];
        size_t k = i;

        for (; k > 0 && entries[k - 1].key > entry.key; k--) {
            entries[k] = entries[k - 1];
        }
        entries[k] = entry;
    }
}

/* How far to shift the keys so that their first differing bit leads the digit; -1 where
 * all are equal. Values of one size share their first bits, equal ones all of them. */
static int
first_digit(const nrdi_entry *entries, size_t n)
{
    uint64_t differing = 0;
    int bits;

    for (size_t i = 1; i < n; i++) {
        differing |= entries[i].key ^ entries[0].key;
    }
    if (differing == 0) {
        return -1;
    }
    bits = 64 - __builtin_clzll(differing);
    return bits > DIGIT_BITS ? bits - DIGIT_BITS : 0;
}

/* Put the entries into other by one digit; ends_out gets the end of each part. */
static void
distribute(const nrdi_entry *entries, nrdi_entry *other, size_t n, int shift,
    size_t ends_out[DIGITS])
{
    size_t start = 0;

    memset(ends_out, 0, DIGITS * sizeof *ends_out);
    for (size_t i = 0; i < n; i++) {
        ends_out[(entries[i].key >> shift) % DIGITS]++;
    }
    for (size_t k = 0; k < DIGITS; k++) {
        const size_t count = ends_out[k];

        ends_out[k] = start;
        start += count;
    }
    for (size_t i = 0; i < n; i++) {
        other[ends_out[(entries[i].key >> shift) % DIGITS]++] = entries[i];
    }
}

/* Sort into the entries themselves or into other. The most significant digit goes first:
 * after a pass or two the parts fit the cache, where the passes over all entries that the
 * least significant digit first needs would not. */
static void
sort_parts(
    nrdi_entry *entries, nrdi_entry *other, size_t n, int into_other, const int *stop)
{
    size_t ends[DIGITS];
    size_t start = 0;
    int shift = -1;

    if (n <= FEW) {
        insert_each(entries, n);
    } else if (nrdi_is_stopped(stop)) {
        return;
    } else {
        shift = first_digit(entries, n);
    }
    if (shift < 0) {
        if (into_other) {
            memcpy(other, entries, n * sizeof *entries);
        }
        return;
    }
    distribute(entries, other, n, shift, ends);
    for (size_t k = 0; k < DIGITS; k++) {
        if (ends[k] > start) {
            sort_parts(other + start, entries + start, ends[k] - start, !into_other, stop);
        }
        start = ends[k];
    }
}

static void
reverse(nrdi_entry *entries, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const nrdi_entry entry = entries[i];

        entries[i] = entries[n - 1 - i];
        entries[n - 1 - i] = entry;
    }
}

/* All turned, and equal ones turned back. */
static void
reverse_stably(nrdi_entry *entries, size_t n)
{
    size_t first = 0;

    reverse(entries, n);
    for (size_t i = 1; i <= n; i++) {
        if (i == n || entries[i].key != entries[first].key) {
            reverse(entries + first, i - first);
            first = i;
        }
    }
}

void
nrdi_order_entries_until(nrdi_entry *entries, nrdi_entry *spare, size_t n, const int *stop)
{
    size_t ascending = 1, descending = 1;

    while (ascending < n && entries[ascending - 1].key <= entries[ascending].key) {
        ascending++;
    }
    while (descending < n && entries[descending - 1].key >= entries[descending].key) {
        descending++;
    }
    if (ascending >= n) {
        return;
    }
    if (descending >= n) {
        reverse_stably(entries, n);
    } else {
        sort_parts(entries, spare, n, 0, stop);
    }
}

void
nrdi_order_entries(nrdi_entry *entries, nrdi_entry *spare, size_t n)
{
    nrdi_order_entries_until(entries, spare, n, NULL);
}

nrd_status
nrdi_order_check_size(size_t n, nrd_error *err)
{
    if (n > NRDI_ORDER_LIMIT) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu values, expected at most %zu", n, NRDI_ORDER_LIMIT);
    }
    return NRD_OK;
}

nrd_status
nrdi_order_check_values(const double *values, size_t n, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the value is NaN, expected a number: leave out missing values before");
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_order_sorted(
    const double *values, const void *items, size_t n, nrdi_entry **out, nrd_error *err)
{
    nrdi_entry *entries = nrdi_malloc(n, 2 * sizeof *entries);

    if (entries == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to sort %zu values", n);
    }
    for (size_t i = 0; i < n; i++) {
        entries[i] = (nrdi_entry){nrdi_order_key(values[i]), i};
        if (items != NULL) {
            memcpy(&entries[i].item, (const uint64_t *) items + i, sizeof entries[i].item);
        }
    }
    nrdi_order_entries(entries, entries + n, n);
    *out = entries;
    return NRD_OK;
}

/* 1 where the values run up or strictly down, which out then tells; equal ones going down
 * would change places. */
static int
is_run(const double *values, size_t n, size_t *out)
{
    size_t up = 1, down = 1;

    while (up < n && values[up - 1] <= values[up]) {
        up++;
    }
    while (down < n && values[down - 1] > values[down]) {
        down++;
    }
    for (size_t i = 0; i < n && (up >= n || down >= n); i++) {
        out[i] = up >= n ? i : n - 1 - i;
    }
    return up >= n || down >= n;
}

nrd_status
nrd_order_sort(const double *values, size_t n, size_t *out, nrd_error *err)
{
    nrdi_entry *entries;

    if (n > 0 && (values == NULL || out == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(nrdi_order_check_size(n, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    if (is_run(values, n, out)) {
        return NRD_OK;
    }
    NRDI_TRY(nrdi_order_sorted(values, NULL, n, &entries, err));
    for (size_t i = 0; i < n; i++) {
        out[i] = (size_t) entries[i].item;
    }
    nrdi_free(entries);
    return NRD_OK;
}

/* Rank of entry i of the equal ones from first to last, all counted from 0; they are the
 * group with the number given. */
static double
rank_of(size_t i, size_t first, size_t last, size_t group, nrd_ties ties)
{
    switch (ties) {
    case NRD_TIES_AVERAGE: return ((double) (first + 1) + (double) (last + 1)) / 2.0;
    case NRD_TIES_MIN: return (double) (first + 1);
    case NRD_TIES_MAX: return (double) (last + 1);
    case NRD_TIES_DENSE: return (double) (group + 1);
    case NRD_TIES_ORDINAL: break;
    }
    return (double) (i + 1);
}

nrd_status
nrd_order_rank(const double *values, size_t n, nrd_ties ties, double *out, nrd_error *err)
{
    nrdi_entry *entries;
    size_t first = 0;

    if (n > 0 && (values == NULL || out == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an array is NULL");
    }
    NRDI_TRY(nrdi_order_check_size(n, err));
    if ((int) ties < NRD_TIES_AVERAGE || (int) ties > NRD_TIES_ORDINAL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the rule for ties is %d, expected 0 to %d", (int) ties,
            (int) NRD_TIES_ORDINAL);
    }
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    NRDI_TRY(nrdi_order_sorted(values, NULL, n, &entries, err));
    for (size_t group = 0; first < n; group++) {
        size_t last = first;

        while (last + 1 < n && entries[last + 1].key == entries[first].key) {
            last++;
        }
        for (size_t i = first; i <= last; i++) {
            out[entries[i].item] = rank_of(i, first, last, group, ties);
        }
        first = last + 1;
    }
    nrdi_free(entries);
    return NRD_OK;
}
