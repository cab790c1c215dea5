/* Inequality of groups of values from exact sums: Gini, Theil, Herfindahl. */

#include <nrd/inequality.h>

#include <math.h>
#include <string.h>

#include <gsl/gsl_sf_log.h>

#include "exact_private.h"
#include "order_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* The rows of one group, sorted by value, and the power of two that all values are taken
 * times: very large or small ones would leave the range of doubles when squared. */
typedef struct {
    const nrdi_entry *entry;
    size_t n;
    int weighted;
    double scale;
} sorted_group;

static double
value_of(const sorted_group *in, size_t i)
{
    return nrdi_order_value(in->entry[i].key) * in->scale;
}

static double
weight_of(const sorted_group *in, size_t i)
{
    double weight = 1.0;

    if (in->weighted) {
        memcpy(&weight, &in->entry[i].item, sizeof weight);
    }
    return weight;
}

/* Weights that are whole, and few enough for every sum of them to be a double. */
static int
is_counted(const sorted_group *in, double weight)
{
    if (!(weight < 0x1p51)) {
        return 0;
    }
    for (size_t i = 0; in->weighted && i < in->n; i++) {
        if (weight_of(in, i) != floor(weight_of(in, i))) {
            return 0;
        }
    }
    return 1;
}

/* The sum of w x (weight below x, less weight above x), which is 2 W S times Gini's
 * coefficient without its halves: each pair of rows adds its distance once. */
static void
add_distances_of_counts(const sorted_group *in, double weight, nrd_exact *out)
{
    double below_less_above = -weight;

    for (size_t i = 0; i < in->n; i++) {
        const double w = weight_of(in, i);

        below_less_above += w;
        nrd_exact_add_product3(out, w, value_of(in, i), below_less_above);
        below_less_above += w;
    }
}

/* The same for any weights. Rows with equal values go together, since their order must not
 * decide how the weight below them is rounded; what the rounding leaves is added, too. */
static void
add_distances(const sorted_group *in, const nrd_exact *weight, nrd_exact *out)
{
    nrd_exact balance, rest;

    nrd_exact_init(&balance);
    nrd_exact_unmerge(&balance, weight);
    for (size_t i = 0, next; i < in->n; i = next) {
        double high, low;

        for (next = i; next < in->n && in->entry[next].key == in->entry[i].key; next++) {
            nrd_exact_add(&balance, weight_of(in, next));
        }
        high = nrd_exact_round(&balance);
        rest = balance;
        nrd_exact_subtract(&rest, high);
        low = nrd_exact_round(&rest);
        for (size_t j = i; j < next; j++) {
            nrd_exact_add_product3(out, weight_of(in, j), value_of(in, j), high);
            nrd_exact_add_product3(out, weight_of(in, j), value_of(in, j), low);
            nrd_exact_add(&balance, weight_of(in, j));
        }
    }
}

/* x log(x / mean) - x + mean, which is never negative: the sum of these is that of
 * x log(x / mean), and nothing of it cancels. Near the mean it is half the square of the
 * distance, and comes from log(1 + d) - d. */
static double
divergence(double x, double mean)
{
    const double distance = (x - mean) / mean;

    if (fabs(distance) < 0.5) {
        return mean *
               (fma(distance, distance, (1.0 + distance) * gsl_sf_log_1plusx_mx(distance)));
    }
    return x > 0.0 ? x * log(x / mean) - (x - mean) : mean;
}

static double
theil(const sorted_group *in, double weight, double total)
{
    nrd_exact sum;

    if (value_of(in, 0) == value_of(in, in->n - 1)) {
        return 0.0; /* their mean is rounded, and need not be one of them */
    }
    nrd_exact_init(&sum);
    for (size_t i = 0; i < in->n; i++) {
        nrd_exact_add_product(
            &sum, weight_of(in, i), divergence(value_of(in, i), total / weight));
    }
    return nrd_exact_round(&sum) / total;
}

static double
gini(const sorted_group *in, const nrd_exact *weight, const nrd_exact *total)
{
    const double all = nrd_exact_round(weight);
    nrd_exact distances;

    nrd_exact_init(&distances);
    if (is_counted(in, all)) {
        add_distances_of_counts(in, all, &distances);
    } else {
        add_distances(in, weight, &distances);
    }
    return nrd_exact_round(&distances) / all / nrd_exact_round(total);
}

static void
add_shares(const sorted_group *in, double total, nrd_inequality *out)
{
    nrd_exact squares;

    nrd_exact_init(&squares);
    out->largest = 0.0;
    for (size_t i = 0; i < in->n; i++) {
        const double share = weight_of(in, i) * value_of(in, i) / total;

        nrd_exact_add_product(&squares, share, share);
        out->largest = fmax(out->largest, share);
    }
    out->herfindahl = nrd_exact_round(&squares);
}

static double
scale_of(const nrdi_entry *entries, size_t n)
{
    const double greatest = n > 0 ? nrdi_order_value(entries[n - 1].key) : 0.0;

    if (greatest > 0x1p300) {
        return 0x1p-700;
    }
    return greatest > 0.0 && greatest < 0x1p-300 ? 0x1p700 : 1.0;
}

static nrd_inequality
measure(const sorted_group *in)
{
    nrd_inequality out = {.rows = in->n};
    nrd_exact weight, total;

    nrd_exact_init(&weight);
    nrd_exact_init(&total);
    for (size_t i = 0; i < in->n; i++) {
        nrd_exact_add(&weight, weight_of(in, i));
        nrd_exact_add_product(&total, weight_of(in, i), value_of(in, i));
    }
    out.weight = nrd_exact_round(&weight);
    out.total = nrd_exact_round(&total) / in->scale;
    if (!(out.total > 0.0)) {
        out.gini = out.theil = out.herfindahl = out.largest = (double) NAN;
        return out;
    }
    out.gini = gini(in, &weight, &total);
    out.theil = theil(in, out.weight, nrd_exact_round(&total));
    add_shares(in, nrd_exact_round(&total), &out);
    return out;
}

/* Sort the rows that have a weight into the first half of the entries; their number. */
static size_t
sort_rows(const double *values, const double *weights, size_t n, nrdi_entry *entries,
    const int *stop)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (weights == NULL || weights[i] > 0.0) {
            entries[kept].key = nrdi_order_key(values[i]);
            if (weights != NULL) {
                memcpy(&entries[kept].item, &weights[i], sizeof entries[kept].item);
            }
            kept++;
        }
    }
    nrdi_order_entries_until(entries, entries + kept, kept, stop);
    return kept;
}

static nrd_status
measure_rows(const double *values, const double *weights, size_t n, nrdi_entry *entries,
    const int *stop, nrd_inequality *out, nrd_error *err)
{
    sorted_group in = {entries, 0, weights != NULL, 1.0};

    in.n = sort_rows(values, weights, n, entries, stop);
    if (nrdi_is_stopped(stop)) {
        return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
    }
    in.scale = scale_of(entries, in.n);
    *out = measure(&in);
    return NRD_OK;
}

static nrd_status
check_rows(const double *values, const double *weights, size_t n, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] >= 0.0 && isfinite(values[i]))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the value is %.17g, expected a finite number, 0 or more", values[i]);
        }
        if (weights != NULL && !(weights[i] >= 0.0 && isfinite(weights[i]))) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the weight is %.17g, expected a finite number, 0 or more", weights[i]);
        }
    }
    return NRD_OK;
}

static nrd_status
check_starts(const size_t *starts, size_t groups, nrd_error *err)
{
    for (size_t g = 0; g <= groups; g++) {
        if (starts[g] < (g > 0 ? starts[g - 1] : 0) || (g == 0 && starts[g] != 0)) {
            return nrdi_fail(err, NRD_E_SIZE, g,
                "the start is %zu, expected places that ascend from 0", starts[g]);
        }
    }
    return nrdi_order_check_size(starts[groups], err);
}

static size_t
largest_group(const size_t *starts, size_t groups)
{
    size_t most = 0;

    for (size_t g = 0; g < groups; g++) {
        most = starts[g + 1] - starts[g] > most ? starts[g + 1] - starts[g] : most;
    }
    return most;
}

nrd_status
nrd_inequality_groups(const double *values, const double *weights, const size_t *starts,
    size_t groups, const int *stop, nrd_inequality *out, nrd_error *err)
{
    nrdi_entry *entries = NULL;
    nrd_inequality *found = NULL;
    nrd_status status = NRD_OK;

    if (values == NULL || starts == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(check_starts(starts, groups, err));
    NRDI_TRY(check_rows(values, weights, starts[groups], err));
    entries = nrdi_malloc(largest_group(starts, groups), 2 * sizeof *entries);
    found = nrdi_malloc(groups, sizeof *found);
    if (entries == NULL || found == NULL) {
        status = nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for the inequality of %zu groups", groups);
    }
    for (size_t g = 0; g < groups && status == NRD_OK; g++) {
        const size_t first = starts[g];

        status = measure_rows(values + first, weights != NULL ? weights + first : NULL,
            starts[g + 1] - first, entries, stop, &found[g], err);
        if (status == NRD_OK && isinf(found[g].total)) {
            status = nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
                "the total of group %zu is too large for a double", g);
        }
    }
    if (status == NRD_OK && groups > 0) {
        memcpy(out, found, groups * sizeof *out);
    }
    nrdi_free(entries);
    nrdi_free(found);
    return status;
}

/* Shares of the whole up to each row, from exact sums of w x^power, power 0 or 1. */
static void
add_up(const sorted_group *in, int power, size_t n, double *out)
{
    nrd_exact sum;
    double whole;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < in->n; i++) {
        nrd_exact_add_product(&sum, weight_of(in, i), power > 0 ? value_of(in, i) : 1.0);
    }
    whole = nrd_exact_round(&sum);
    nrd_exact_init(&sum);
    out[0] = 0.0;
    for (size_t i = 0; i < in->n; i++) {
        nrd_exact_add_product(&sum, weight_of(in, i), power > 0 ? value_of(in, i) : 1.0);
        out[i + 1] = nrd_exact_round(&sum) / whole;
    }
    for (size_t i = in->n; i < n; i++) { /* rows without weight */
        out[i + 1] = 1.0;
    }
}

nrd_status
nrd_inequality_lorenz(const double *values, const double *weights, size_t n,
    double *weight_out, double *value_out, nrd_error *err)
{
    nrdi_entry *entries;
    sorted_group in = {NULL, 0, weights != NULL, 1.0};

    if (values == NULL || weight_out == NULL || value_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(nrdi_order_check_size(n, err));
    NRDI_TRY(check_rows(values, weights, n, err));
    entries = nrdi_malloc(n, 2 * sizeof *entries);
    if (entries == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu rows", n);
    }
    in.n = sort_rows(values, weights, n, entries, NULL);
    in.entry = entries;
    in.scale = scale_of(entries, in.n);
    if (in.n == 0 || !(value_of(&in, in.n - 1) > 0.0)) {
        nrdi_free(entries);
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the total is 0, expected a value above 0 that has a weight");
    }
    add_up(&in, 0, n, weight_out);
    add_up(&in, 1, n, value_out);
    nrdi_free(entries);
    return NRD_OK;
}
