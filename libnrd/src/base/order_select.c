/* Quantiles of values: of all of them only those near a position are sorted. */

#include "order_private.h"

#include "parallel_private.h"
#include "status_private.h"

/* Values are cut into up to 2^16 parts, so that few of many are left to be sorted. */
#define MOST_PART_BITS 16

/* The part holds no neighbour of a position. */
#define NOT_KEPT SIZE_MAX

/* Values in parts of equal width by their keys; only parts that are asked for are kept. */
typedef struct {
    uint64_t least;
    int shift;
    size_t count;
    size_t *starts; /* values in the parts before; one more than there are parts */
    size_t *places; /* kept values in the parts before, or NOT_KEPT */
    size_t kept;
    nrdi_entry *entries; /* the kept values, sorted */
} parts;

static size_t
part_of(const parts *in, uint64_t key)
{
    return (size_t) ((key - in->least) >> in->shift);
}

/* The part that holds the value with this rank, counted from 0. */
static size_t
part_at(const parts *in, size_t rank)
{
    size_t low = 0, high = in->count;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (in->starts[middle] <= rank) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* At most as many parts as values: what is done for each part is never the greater work. */
static void
choose_parts(const double *values, size_t n, parts *out)
{
    uint64_t least = UINT64_MAX, greatest = 0;
    int bits = 0, width = 0;

    for (size_t i = 0; i < n; i++) {
        const uint64_t key = nrdi_order_key(values[i]);

        least = key < least ? key : least;
        greatest = key > greatest ? key : greatest;
    }
    while (bits < MOST_PART_BITS && n >> (bits + 1) > 0) {
        bits++;
    }
    if (greatest > least) {
        width = 64 - __builtin_clzll(greatest - least);
    }
    out->least = least;
    out->shift = width > bits ? width - bits : 0;
    out->count = (size_t) 1 << bits;
}

static void
count_parts(const double *values, size_t n, parts *in)
{
    for (size_t i = 0; i < n; i++) {
        in->starts[part_of(in, nrdi_order_key(values[i])) + 1]++;
    }
    for (size_t k = 0; k < in->count; k++) {
        in->starts[k + 1] += in->starts[k];
    }
}

static void
choose_kept(const nrdi_position *positions, size_t n_positions, parts *in)
{
    for (size_t k = 0; k < in->count; k++) {
        in->places[k] = NOT_KEPT;
    }
    for (size_t i = 0; i < n_positions; i++) {
        in->places[part_at(in, (size_t) positions[i].low)] = 0;
        in->places[part_at(in, (size_t) positions[i].high)] = 0;
    }
    for (size_t k = 0; k < in->count; k++) {
        if (in->places[k] != NOT_KEPT) {
            in->places[k] = in->kept;
            in->kept += in->starts[k + 1] - in->starts[k];
        }
    }
}

static void
sort_kept(const double *values, size_t n, const int *stop, parts *in)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        const uint64_t key = nrdi_order_key(values[i]);

        if (in->places[part_of(in, key)] != NOT_KEPT) {
            in->entries[at++] = (nrdi_entry){key, i};
        }
    }
    nrdi_order_entries_until(in->entries, in->entries + in->kept, in->kept, stop);
}

static double
value_at(const parts *in, uint64_t rank)
{
    const size_t part = part_at(in, (size_t) rank);

    return nrdi_order_value(
        in->entries[in->places[part] + ((size_t) rank - in->starts[part])].key);
}

static double
quantile_at(const parts *in, const nrdi_position *at)
{
    return nrdi_quantile_between(
        value_at(in, at->low), value_at(in, at->high), at->below, at->above);
}

static nrd_status
failure(nrd_status status, size_t n, const nrd_quantile_options *options, nrd_error *err)
{
    return status == NRD_E_CANCELLED
               ? nrdi_fail(err, status, NRD_NO_ROW, "the caller asked to stop")
               : nrdi_fail(err, status, NRD_NO_ROW,
                     "no memory for %zu quantiles of %zu values", options->count, n);
}

nrd_status
nrdi_quantile_select(const double *values, size_t n, const nrd_quantile_options *options,
    const int *stop, double *out, nrd_error *err)
{
    parts in = {0};
    nrdi_position *positions = NULL;
    nrd_status status = NRD_E_MEMORY;

    choose_parts(values, n, &in);
    positions = nrdi_malloc(options->count, sizeof *positions);
    in.starts = nrdi_malloc(in.count + 1, sizeof *in.starts);
    in.places = nrdi_malloc(in.count, sizeof *in.places);
    if (positions == NULL || in.starts == NULL || in.places == NULL) {
        goto done;
    }
    for (size_t i = 0; i < options->count; i++) {
        positions[i] = nrdi_quantile_locate(options->p[i], n, options->type);
    }
    count_parts(values, n, &in);
    choose_kept(positions, options->count, &in);
    in.entries = nrdi_malloc(in.kept, 2 * sizeof *in.entries);
    if (in.entries == NULL) {
        goto done;
    }
    sort_kept(values, n, stop, &in);
    status = nrdi_is_stopped(stop) ? NRD_E_CANCELLED : NRD_OK;
    for (size_t i = 0; i < options->count && status == NRD_OK; i++) {
        out[i] = quantile_at(&in, &positions[i]);
    }
done:
    nrdi_free(positions);
    nrdi_free(in.starts);
    nrdi_free(in.places);
    nrdi_free(in.entries);
    return status == NRD_OK ? NRD_OK : failure(status, n, options, err);
}

nrd_status
nrd_order_quantile(const double *values, size_t n, const nrd_quantile_options *options,
    double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_quantile_check(values, values, n, options, out, err));
    NRDI_TRY(nrdi_order_check_values(values, n, err));
    return nrdi_quantile_select(values, n, options, NULL, out, err);
}
