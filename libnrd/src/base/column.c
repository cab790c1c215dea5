#include <nrd/column.h>

#include <inttypes.h>
#include <math.h>

#include "exact_block_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer rows than this are not worth a thread. */
#define ROWS_PER_THREAD 262144

static const char *
type_name(nrd_type type)
{
    switch (type) {
    case NRD_TYPE_INT8: return "int8";
    case NRD_TYPE_INT32: return "int32";
    case NRD_TYPE_INT64: return "int64";
    case NRD_TYPE_FLOAT64: return "float64";
    }
    return "an unknown type";
}

nrd_status
nrd_column_check(const nrd_column *column, nrd_type type, size_t length, const char *name,
    nrd_error *err)
{
    const char *label = name != NULL ? name : "the column";

    if (column == NULL || (column->length > 0 && column->values == NULL)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "%s has no values", label);
    }
    if (column->type != type) {
        return nrdi_fail(err, NRD_E_TYPE, NRD_NO_ROW, "%s is of type %s, expected %s",
            label, type_name(column->type), type_name(type));
    }
    if (column->length != length) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "%s has %zu rows, expected %zu",
            label, column->length, length);
    }
    return NRD_OK;
}

int
nrd_column_is_valid(const nrd_column *column, size_t row)
{
    const size_t bit = column->offset + row;

    return column->validity == NULL || ((column->validity[bit / 8] >> (bit % 8)) & 1) != 0;
}

size_t
nrd_column_count_valid(const nrd_column *column, int nan_is_missing)
{
    const int look_for_nan = column->type == NRD_TYPE_FLOAT64 && nan_is_missing;
    const double *numbers;
    size_t count = 0;

    if (column->length == 0 || (column->validity == NULL && !look_for_nan)) {
        return column->length;
    }
    numbers = look_for_nan ? (const double *) column->values + column->offset : NULL;
    for (size_t i = 0; i < column->length; i++) {
        count += nrd_column_is_valid(column, i) && (numbers == NULL || !isnan(numbers[i]));
    }
    return count;
}

/* A search for the ends of a column: each thread finds those of its own rows. */
typedef struct {
    const nrd_column *column;
    unsigned workers;
    int64_t low[NRDI_THREADS_MAX];
    int64_t high[NRDI_THREADS_MAX];
} search;

static size_t
first_row(const search *all, int w)
{
    const size_t n = all->column->length;

    return all->column->offset + (size_t) ((nrdi_uint128) n * (unsigned) w / all->workers);
}

static void
search_rows(void *shared, int w)
{
    search *all = shared;
    const size_t start = first_row(all, w), end = first_row(all, w + 1);
    const int32_t *values = all->column->values;
    int32_t low = INT32_MAX, high = INT32_MIN;

    if (all->column->type == NRD_TYPE_INT64) {
        nrdi_kernels_in_use()->ends((const int64_t *) all->column->values + start,
            end - start, &all->low[w], &all->high[w]);
        return;
    }
    for (size_t i = start; i < end; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    all->low[w] = low;
    all->high[w] = high;
}

nrd_status
nrd_column_range(const nrd_column *column, int threads, int64_t *low_out, int64_t *high_out,
    nrd_error *err)
{
    search all;
    nrd_type type;
    size_t most;

    if (column == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the column or an output is NULL");
    }
    type = column->type == NRD_TYPE_INT32 ? NRD_TYPE_INT32 : NRD_TYPE_INT64;
    NRDI_TRY(nrd_column_check(column, type, column->length, NULL, err));
    if (column->length == 0 || column->validity != NULL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the column has %s",
            column->length == 0 ? "no rows, expected some" : "a bitmap, expected none");
    }
    most = column->length / ROWS_PER_THREAD + 1;
    all.column = column;
    all.workers = (unsigned) nrd_thread_count(threads);
    all.workers = all.workers > most ? (unsigned) most : all.workers;
    nrdi_parallel_run((int) all.workers, search_rows, &all);
    for (unsigned w = 1; w < all.workers; w++) {
        all.low[0] = all.low[w] < all.low[0] ? all.low[w] : all.low[0];
        all.high[0] = all.high[w] > all.high[0] ? all.high[w] : all.high[0];
    }
    *low_out = all.low[0];
    *high_out = all.high[0];
    return NRD_OK;
}

/* A value and its number, which is -1 in an empty place. */
typedef struct {
    int64_t key;
    int32_t code;
} place;

/* Places by the hash of the value, a power of two of them, at most half of them taken. */
typedef struct {
    place *places;
    int bits;
    size_t count;
} codebook;

/* The place of a value, or the empty one where it belongs. */
static place *
find(const codebook *book, int64_t key)
{
    const size_t last = ((size_t) 1 << book->bits) - 1;
    size_t i =
        (size_t) ((uint64_t) key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - book->bits));

    while (book->places[i].code >= 0 && book->places[i].key != key) {
        i = (i + 1) & last;
    }
    return &book->places[i];
}

/* Twice the places; 0 without memory, and nothing changes. */
static int
grow(codebook *book)
{
    const size_t n = book->places != NULL ? (size_t) 1 << book->bits : 0;
    codebook larger = {NULL, n > 0 ? book->bits + 1 : 10, book->count};
    const size_t size = (size_t) 1 << larger.bits;

    larger.places = nrdi_malloc(size, sizeof *larger.places);
    if (larger.places == NULL) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        larger.places[i].code = -1;
    }
    for (size_t i = 0; i < n; i++) {
        if (book->places[i].code >= 0) {
            *find(&larger, book->places[i].key) = book->places[i];
        }
    }
    nrdi_free(book->places);
    *book = larger;
    return 1;
}

static nrd_status
number_all(codebook *book, const int64_t *values, size_t n, nrd_error *err)
{
    for (size_t i = 0; i < n; i++) {
        place *own = book->places != NULL ? find(book, values[i]) : NULL;

        if (own != NULL && own->code >= 0) {
            continue;
        }
        if (book->count == INT32_MAX) {
            return nrdi_fail(err, NRD_E_OVERFLOW, i, "there are 2^31 distinct values");
        }
        if (own == NULL || 2 * (book->count + 1) > (size_t) 1 << book->bits) {
            if (!grow(book)) {
                return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
                    "no memory for %zu distinct values", book->count + 1);
            }
            own = find(book, values[i]);
        }
        *own = (place){values[i], (int32_t) book->count++};
    }
    return NRD_OK;
}

nrd_status
nrd_column_encode(const nrd_column *column, int32_t *codes_out, int64_t *keys_out,
    size_t *count_out, nrd_error *err)
{
    codebook book = {NULL, 0, 0};
    const int64_t *values;
    nrd_status status;

    if (column == NULL || codes_out == NULL || keys_out == NULL || count_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the column or an output is NULL");
    }
    NRDI_TRY(nrd_column_check(column, NRD_TYPE_INT64, column->length, NULL, err));
    if (column->validity != NULL) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "the column has a bitmap, expected none");
    }
    values = column->length > 0 ? (const int64_t *) column->values + column->offset : NULL;
    status = number_all(&book, values, column->length, err);
    for (size_t i = 0; i < column->length && status == NRD_OK; i++) {
        codes_out[i] = find(&book, values[i])->code;
        keys_out[codes_out[i]] = values[i];
    }
    if (status == NRD_OK) {
        *count_out = book.count;
    }
    nrdi_free(book.places);
    return status;
}
