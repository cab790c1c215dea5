/* Tables with one value a row, as columns: read once to check, once to write. */

#include <nrd/spread.h>

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "status_private.h"

#define NOWHERE UINT64_MAX

struct nrd_spread {
    nrd_long in;
    size_t cells;    /* units times times */
    size_t rows;     /* of them, those that occur */
    uint64_t *slot;  /* of each cell: first row while it is read, then its wide row */
    uint64_t *first; /* of each wide row: the first long one */
};

/* Least and greatest code; a loop without branches. */
static void
find_range(const int32_t *codes, size_t rows, int32_t *low, int32_t *high)
{
    *low = 0;
    *high = -1;
    for (size_t i = 0; i < rows; i++) {
        *low = codes[i] < *low ? codes[i] : *low;
        *high = codes[i] > *high ? codes[i] : *high;
    }
}

static bool
is_code(int32_t code, size_t n_codes)
{
    return code >= -1 && (code < 0 || (size_t) code < n_codes);
}

nrd_status
nrd_key_first(
    const int32_t *codes, size_t rows, size_t n_codes, uint64_t *first_out, nrd_error *err)
{
    int32_t low;
    int32_t high;
    size_t left;
    size_t row = 0;

    if (first_out == NULL || (rows > 0 && codes == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "codes or first_out is NULL");
    }
    find_range(codes, rows, &low, &high);
    if (low < -1 || !is_code(high, n_codes)) {
        while (is_code(codes[row], n_codes)) {
            row++;
        }
        return nrdi_fail(err, NRD_E_UNKNOWN, row,
            "found code %" PRId32 ", expected -1 or one below %zu", codes[row], n_codes);
    }
    for (size_t c = 0; c <= n_codes; c++) {
        first_out[c] = rows;
    }
    left = n_codes + (low < 0 ? 1 : 0);
    for (size_t i = 0; i < rows && left > 0; i++) {
        if (first_out[codes[i] + 1] == rows) {
            first_out[codes[i] + 1] = i;
            left--;
        }
    }
    return NRD_OK;
}

static nrd_status
check_key(const nrd_key *key, size_t rows, const char *name, nrd_error *err)
{
    if ((rows > 0 && key->codes == NULL) || key->index == NULL) {
        return nrdi_fail(
            err, NRD_E_NULL, NRD_NO_ROW, "codes or indices of the %s are NULL", name);
    }
    if (key->n_codes >= INT32_MAX || key->n > INT32_MAX) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "found %zu codes of the %s", key->n_codes, name);
    }
    for (size_t c = 0; c <= key->n_codes; c++) {
        if (key->index[c] < -1 ||
            (key->index[c] >= 0 && (size_t) key->index[c] >= key->n)) {
            return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
                "found index %" PRId32 " of the %s, expected -1 or one below %zu",
                key->index[c], name, key->n);
        }
    }
    return NRD_OK;
}

/* Index of a row; -1 where the code is out of range, too. */
static inline int32_t
index_at(const nrd_key *key, size_t row)
{
    const uint32_t at = (uint32_t) key->codes[row] + 1;

    return at <= key->n_codes ? key->index[at] : -1;
}

static nrd_status
fail_key(const nrd_long *in, size_t row, nrd_error *err)
{
    const char *name = index_at(&in->unit, row) < 0   ? "unit"
                       : index_at(&in->when, row) < 0 ? "time"
                       : index_at(&in->item, row) < 0 ? "item"
                                                      : "place";

    return nrdi_fail(err, NRD_E_UNKNOWN, row, "the %s is missing or not known", name);
}

/* What is remembered while rows are read: the place of each cell, and a bit for each value
 * that was there. */
typedef struct {
    int32_t *place;
    uint64_t *seen;
} memory;

static nrd_status
read_row(nrd_spread *spread, memory *held, size_t i, nrd_error *err)
{
    const nrd_long *in = &spread->in;
    const int32_t unit = index_at(&in->unit, i);
    const int32_t when = index_at(&in->when, i);
    const int32_t item = index_at(&in->item, i);
    const int32_t place = in->place.codes != NULL ? index_at(&in->place, i) : 0;
    size_t cell;
    size_t value;

    if ((unit | when | item | place) < 0) {
        return fail_key(in, i, err);
    }
    cell = (size_t) unit * in->when.n + (size_t) when;
    value = (size_t) item * spread->cells + cell;
    if (spread->slot[cell] == NOWHERE) {
        spread->slot[cell] = i;
        held->place[cell] = place;
        spread->rows++;
    }
    if (held->place[cell] != place) {
        return nrdi_fail(err, NRD_E_CONFLICT, i,
            "the place is another than in row %" PRIu64, spread->slot[cell]);
    }
    if ((held->seen[value / 64] >> (value % 64) & 1) != 0) {
        return nrdi_fail(err, NRD_E_DUPLICATE, i, "the value is given twice");
    }
    held->seen[value / 64] |= UINT64_C(1) << (value % 64);
    return in->allows_infinite != 0 || !isinf(in->values[i])
               ? NRD_OK
               : nrdi_fail(
                     err, NRD_E_DOMAIN, i, "found %g, expected a number", in->values[i]);
}

/* The cells that occur, numbered in their order. */
static nrd_status
number_cells(nrd_spread *spread, nrd_error *err)
{
    size_t n = 0;

    spread->first = nrdi_malloc(spread->rows, sizeof *spread->first);
    if (spread->first == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the rows");
    }
    for (size_t k = 0; k < spread->cells; k++) {
        if (spread->slot[k] != NOWHERE) {
            spread->first[n] = spread->slot[k];
            spread->slot[k] = n++;
        }
    }
    return NRD_OK;
}

static nrd_status
read_rows(nrd_spread *spread, nrd_error *err)
{
    const size_t values = spread->cells * spread->in.item.n;
    memory held = {nrdi_malloc(spread->cells, sizeof *held.place),
        nrdi_malloc(values / 64 + 1, sizeof *held.seen)};
    nrd_status status = NRD_OK;

    spread->slot = nrdi_malloc(spread->cells, sizeof *spread->slot);
    if (held.place == NULL || held.seen == NULL || spread->slot == NULL) {
        status = nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the rows");
        goto done;
    }
    memset(spread->slot, 0xff, spread->cells * sizeof *spread->slot);
    for (size_t i = 0; i < spread->in.rows && status == NRD_OK; i++) {
        status = read_row(spread, &held, i, err);
    }
    if (status == NRD_OK) {
        status = number_cells(spread, err);
    }
done:
    nrdi_free(held.place);
    nrdi_free(held.seen);
    return status;
}

static nrd_status
check_long(const nrd_long *in, nrd_error *err)
{
    NRDI_TRY(check_key(&in->unit, in->rows, "units", err));
    NRDI_TRY(check_key(&in->when, in->rows, "times", err));
    NRDI_TRY(check_key(&in->item, in->rows, "items", err));
    if (in->place.codes != NULL) {
        NRDI_TRY(check_key(&in->place, in->rows, "places", err));
    }
    if (in->rows > 0 && in->values == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "values is NULL");
    }
    if (in->when.n > 0 && in->item.n > 0 &&
        in->unit.n > SIZE_MAX / sizeof(uint64_t) / in->when.n / in->item.n) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "found %zu units, %zu times and %zu items", in->unit.n, in->when.n, in->item.n);
    }
    return NRD_OK;
}

nrd_status
nrd_spread_new(const nrd_long *in, nrd_spread **out, nrd_error *err)
{
    nrd_spread *spread;
    nrd_status status;

    if (in == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "in or out is NULL");
    }
    NRDI_TRY(check_long(in, err));
    spread = nrdi_malloc(1, sizeof *spread);
    if (spread == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the rows");
    }
    spread->in = *in;
    spread->cells = in->unit.n * in->when.n;
    status = read_rows(spread, err);
    if (status != NRD_OK) {
        nrd_spread_free(spread);
        return status;
    }
    *out = spread;
    return NRD_OK;
}

void
nrd_spread_free(nrd_spread *spread)
{
    if (spread != NULL) {
        nrdi_free(spread->slot);
        nrdi_free(spread->first);
        nrdi_free(spread);
    }
}

size_t
nrd_spread_rows(const nrd_spread *spread)
{
    return spread->rows;
}

void
nrd_spread_fill(const nrd_spread *spread, uint64_t *first_out, double *values_out)
{
    /* Copies, which nothing that is written could change. */
    const nrd_long in = spread->in;
    const uint64_t *slot = spread->slot;
    const size_t rows = spread->rows;
    const size_t values = rows * in.item.n;

    if (rows > 0) {
        memcpy(first_out, spread->first, rows * sizeof *first_out);
    }
    /* No value is there twice, so that as many rows as values leave none open. */
    for (size_t k = 0; k < values && values != in.rows; k++) {
        values_out[k] = (double) NAN;
    }
    for (size_t i = 0; i < in.rows; i++) {
        const size_t cell =
            (size_t) index_at(&in.unit, i) * in.when.n + (size_t) index_at(&in.when, i);
        const size_t item = (size_t) index_at(&in.item, i);

        values_out[item * rows + (size_t) slot[cell]] = in.values[i];
    }
}
