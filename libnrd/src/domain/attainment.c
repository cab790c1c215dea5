/* Making and filling a matrix; attainment_count.c counts in it. */

#include "attainment_private.h"

#include <inttypes.h>
#include <string.h>

#include "status_private.h"

nrd_status
nrdi_attainment_check(const nrd_attainment *matrix, const void *low_out,
    const void *high_out, size_t n, size_t expected, nrd_error *err)
{
    if (matrix == NULL || low_out == NULL || high_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the matrix or an output is NULL");
    }
    if (n != expected) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "the output has %zu rows, expected %zu", n, expected);
    }
    return NRD_OK;
}

static int
allocate(nrd_attainment *matrix)
{
    const size_t cells = matrix->units * matrix->words;

    matrix->met = nrdi_malloc(cells, sizeof *matrix->met);
    matrix->known = nrdi_malloc(cells, sizeof *matrix->known);
    matrix->all = nrdi_malloc(matrix->words, sizeof *matrix->all);
    matrix->closed_met = nrdi_malloc(matrix->words, sizeof *matrix->closed_met);
    matrix->closed_unmet = nrdi_malloc(matrix->words, sizeof *matrix->closed_unmet);
    matrix->met_cells = nrdi_malloc(matrix->criteria, sizeof *matrix->met_cells);
    matrix->known_cells = nrdi_malloc(matrix->criteria, sizeof *matrix->known_cells);
    matrix->total_low = nrdi_malloc(matrix->criteria, sizeof *matrix->total_low);
    matrix->total_high = nrdi_malloc(matrix->criteria, sizeof *matrix->total_high);
    return matrix->met != NULL && matrix->known != NULL && matrix->all != NULL &&
           matrix->closed_met != NULL && matrix->closed_unmet != NULL &&
           matrix->met_cells != NULL && matrix->known_cells != NULL &&
           matrix->total_low != NULL && matrix->total_high != NULL;
}

nrd_status
nrd_attainment_new(size_t units, size_t criteria, nrd_attainment **out, nrd_error *err)
{
    const size_t words = criteria / NRDI_WORD_BITS + (criteria % NRDI_WORD_BITS != 0);
    nrd_attainment *matrix;

    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    matrix = nrdi_malloc(1, sizeof *matrix);
    if (matrix == NULL || (words > 0 && units > SIZE_MAX / words)) {
        nrdi_free(matrix);
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %zu units x %zu criteria", units, criteria);
    }
    matrix->units = units;
    matrix->criteria = criteria;
    matrix->words = words;
    if (!allocate(matrix)) {
        nrd_attainment_free(matrix);
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
            "no memory for %zu units x %zu criteria", units, criteria);
    }
    for (size_t c = 0; c < criteria; c++) {
        nrdi_set_bit(matrix->all, c);
        matrix->total_high[c] = units;
    }
    *out = matrix;
    return NRD_OK;
}

void
nrd_attainment_free(nrd_attainment *matrix)
{
    if (matrix == NULL) {
        return;
    }
    nrdi_free(matrix->met);
    nrdi_free(matrix->known);
    nrdi_free(matrix->all);
    nrdi_free(matrix->closed_met);
    nrdi_free(matrix->closed_unmet);
    nrdi_free(matrix->met_cells);
    nrdi_free(matrix->known_cells);
    nrdi_free(matrix->total_low);
    nrdi_free(matrix->total_high);
    nrdi_free(matrix);
}

size_t
nrd_attainment_units(const nrd_attainment *matrix)
{
    return matrix->units;
}

size_t
nrd_attainment_criteria(const nrd_attainment *matrix)
{
    return matrix->criteria;
}

static nrd_status
check_index(
    const nrd_column *column, size_t row, size_t limit, const char *name, nrd_error *err)
{
    const int32_t index = ((const int32_t *) column->values)[column->offset + row];

    if (!nrd_column_is_valid(column, row)) {
        return nrdi_fail(err, NRD_E_UNKNOWN, row, "the %s is missing", name);
    }
    if (index < 0 || (size_t) index >= limit) {
        return nrdi_fail(err, NRD_E_UNKNOWN, row,
            "the %s index is %" PRId32 ", expected 0 to %zu less 1", name, index, limit);
    }
    return NRD_OK;
}

static nrd_status
check_rows(const nrd_attainment *matrix, const nrd_column *unit,
    const nrd_column *criterion, const nrd_column *state, nrd_error *err)
{
    for (size_t i = 0; i < state->length; i++) {
        const int value = ((const int8_t *) state->values)[state->offset + i];

        NRDI_TRY(check_index(unit, i, matrix->units, "unit", err));
        NRDI_TRY(check_index(criterion, i, matrix->criteria, "criterion", err));
        if (nrd_column_is_valid(state, i) && (value < -1 || value > 1)) {
            return nrdi_fail(err, NRD_E_DOMAIN, i,
                "the state is %d, expected -1 (unknown), 0 (unmet) or 1 (met)", value);
        }
    }
    return NRD_OK;
}

/* A second mask, `given`, finds a cell that occurs twice even where its state is unknown.
 * It starts from `known`, so that an earlier call counts too. */
static nrd_status
check_duplicates(const nrd_attainment *matrix, const nrd_column *unit,
    const nrd_column *criterion, nrd_error *err)
{
    const int32_t *u = (const int32_t *) unit->values + unit->offset;
    const int32_t *c = (const int32_t *) criterion->values + criterion->offset;
    uint64_t *given = nrdi_malloc(matrix->units * matrix->words, sizeof *given);
    nrd_status status = NRD_OK;

    if (given == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to look for duplicates");
    }
    memcpy(given, matrix->known, matrix->units * matrix->words * sizeof *given);
    for (size_t i = 0; i < unit->length; i++) {
        uint64_t *row = given + (size_t) u[i] * matrix->words;

        if (nrdi_get_bit(row, (size_t) c[i])) {
            status = nrdi_fail(err, NRD_E_DUPLICATE, i,
                "unit %" PRId32 " and criterion %" PRId32 " are given twice", u[i], c[i]);
            break;
        }
        nrdi_set_bit(row, (size_t) c[i]);
    }
    nrdi_free(given);
    return status;
}

nrd_status
nrd_attainment_fill(nrd_attainment *matrix, const nrd_column *unit,
    const nrd_column *criterion, const nrd_column *state, nrd_error *err)
{
    const int32_t *u, *c;
    const int8_t *s;

    if (matrix == NULL || state == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the matrix or a column is NULL");
    }
    NRDI_TRY(nrd_column_check(state, NRD_TYPE_INT8, state->length, "the state", err));
    NRDI_TRY(nrd_column_check(unit, NRD_TYPE_INT32, state->length, "the unit", err));
    NRDI_TRY(
        nrd_column_check(criterion, NRD_TYPE_INT32, state->length, "the criterion", err));
    if (matrix->has_totals) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW,
            "totals are set already, expected cells first");
    }
    if (state->length == 0) {
        return NRD_OK;
    }
    NRDI_TRY(check_rows(matrix, unit, criterion, state, err));
    NRDI_TRY(check_duplicates(matrix, unit, criterion, err));
    u = (const int32_t *) unit->values + unit->offset;
    c = (const int32_t *) criterion->values + criterion->offset;
    s = (const int8_t *) state->values + state->offset;
    for (size_t i = 0; i < state->length; i++) {
        const size_t row = (size_t) u[i] * matrix->words;

        if (!nrd_column_is_valid(state, i) || s[i] == NRD_STATE_UNKNOWN) {
            continue;
        }
        nrdi_set_bit(matrix->known + row, (size_t) c[i]);
        matrix->known_cells[c[i]]++;
        if (s[i] == NRD_STATE_MET) {
            nrdi_set_bit(matrix->met + row, (size_t) c[i]);
            matrix->met_cells[c[i]]++;
        }
    }
    return NRD_OK;
}

static nrd_status
check_total(
    const nrd_attainment *matrix, size_t c, uint64_t low, uint64_t high, nrd_error *err)
{
    const uint64_t met = matrix->met_cells[c];
    const uint64_t possible = matrix->units - (matrix->known_cells[c] - met);

    if (low > high) {
        return nrdi_fail(err, NRD_E_DOMAIN, c,
            "the least total is %" PRIu64 ", expected at most the greatest, %" PRIu64, low,
            high);
    }
    if (high > matrix->units) {
        return nrdi_fail(err, NRD_E_DOMAIN, c,
            "the total is %" PRIu64 ", expected at most the %zu units", high,
            matrix->units);
    }
    if (high < met) {
        return nrdi_fail(err, NRD_E_CONFLICT, c,
            "the total is %" PRIu64 ", but %" PRIu64
            " units are known to meet the criterion",
            high, met);
    }
    if (low > possible) {
        return nrdi_fail(err, NRD_E_CONFLICT, c,
            "the total is %" PRIu64 ", but at most %" PRIu64
            " units can meet the criterion",
            low, possible);
    }
    return NRD_OK;
}

nrd_status
nrd_attainment_set_totals(nrd_attainment *matrix, const uint64_t *low, const uint64_t *high,
    size_t n, nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, low, high, n, matrix != NULL ? matrix->criteria : 0, err));
    for (size_t c = 0; c < n; c++) {
        NRDI_TRY(check_total(matrix, c, low[c], high[c], err));
    }
    memset(matrix->closed_met, 0, matrix->words * sizeof *matrix->closed_met);
    memset(matrix->closed_unmet, 0, matrix->words * sizeof *matrix->closed_unmet);
    for (size_t c = 0; c < n; c++) {
        const uint64_t met = matrix->met_cells[c];

        matrix->total_low[c] = low[c];
        matrix->total_high[c] = high[c];
        if (high[c] == met) {
            nrdi_set_bit(matrix->closed_unmet, c);
        } else if (low[c] == matrix->units - (matrix->known_cells[c] - met)) {
            nrdi_set_bit(matrix->closed_met, c);
        }
    }
    matrix->has_totals = 1;
    return NRD_OK;
}
