/* Sums of powers of columns and of their products, without error. */

#include "moments_power_private.h"

#include "status_private.h"

#define MOST_DEGREE 20

/* Bits of a double. */
#define PRECISION 53

/* List the sums that a state without powers has not; their number. */
static size_t
list_sums(const int32_t *degree, size_t columns, nrdi_power *out)
{
    size_t n = 0;

    for (size_t i = 0; i < columns; i++) {
        for (int a = 3; a <= nrdi_highest_power(degree[i]); a++, n++) {
            if (out != NULL) {
                out[n] = (nrdi_power){i, i, a, 0};
            }
        }
        for (size_t j = i + 1; j < columns; j++) {
            for (int ab = 1; ab < degree[i] * degree[j]; ab++, n++) {
                if (out != NULL) {
                    out[n] = (nrdi_power){i, j, 1 + ab / degree[j], 1 + ab % degree[j]};
                }
            }
        }
    }
    return n;
}

static void
release(struct nrdi_powers *powers)
{
    if (powers != NULL) {
        nrdi_free(powers->degree);
        nrdi_free(powers->sum);
        nrdi_free(powers->factor);
        nrdi_free(powers->start);
        nrdi_free(powers->table);
        nrdi_free(powers->size);
        nrdi_free(powers);
    }
}

void
nrdi_moments_free_powers(nrd_moments *state)
{
    release(state->powers);
}

static int
allocate(struct nrdi_powers *powers, const int32_t *degree, size_t columns)
{
    int most = 1;

    powers->degree = nrdi_malloc(columns, sizeof *powers->degree);
    powers->sum = nrdi_malloc(powers->count, sizeof *powers->sum);
    powers->factor = nrdi_malloc(columns + 1, sizeof *powers->factor);
    powers->start = nrdi_malloc(columns, sizeof *powers->start);
    if (powers->degree == NULL || powers->sum == NULL || powers->factor == NULL ||
        powers->start == NULL) {
        return 0;
    }
    for (size_t i = 0; i < columns; i++) {
        powers->degree[i] = degree[i];
        powers->start[i] = powers->end;
        powers->end += (size_t) nrdi_highest_power(degree[i]);
        most = nrdi_highest_power(degree[i]) > most ? nrdi_highest_power(degree[i]) : most;
    }
    powers->room = (size_t) (PRECISION * most) / 64 + 2;
    powers->table =
        nrdi_malloc((powers->end + 2) * powers->room + 2, sizeof *powers->table);
    powers->size = nrdi_malloc(powers->end, sizeof *powers->size);
    (void) list_sums(degree, columns, powers->sum);
    return powers->table != NULL && powers->size != NULL;
}

static struct nrdi_powers *
make(const int32_t *degree, size_t columns, size_t first)
{
    struct nrdi_powers *powers = nrdi_malloc(1, sizeof *powers);

    if (powers != NULL) {
        powers->first = first;
        powers->count = list_sums(degree, columns, NULL);
    }
    if (powers == NULL || !allocate(powers, degree, columns)) {
        release(powers);
        return NULL;
    }
    return powers;
}

int
nrdi_moments_copy_powers(nrd_moments *copy, const nrd_moments *state)
{
    if (state->powers != NULL) {
        copy->powers = make(state->powers->degree, state->columns, state->powers->first);
    }
    return state->powers == NULL || copy->powers != NULL;
}

const int32_t *
nrdi_moments_degrees(const nrd_moments *state)
{
    return state->powers != NULL ? state->powers->degree : NULL;
}

int
nrdi_moments_same_powers(const nrd_moments *a, const nrd_moments *b)
{
    const int32_t *left = nrdi_moments_degrees(a), *right = nrdi_moments_degrees(b);

    return left == NULL || right == NULL
               ? left == right
               : memcmp(left, right, a->columns * sizeof *left) == 0;
}

size_t
nrdi_moments_power(const nrd_moments *state, size_t i, int a, size_t j, int b)
{
    const struct nrdi_powers *powers = state->powers;

    if (i == j) {
        a += b;
        b = 0;
    } else if (i > j) {
        return nrdi_moments_power(state, j, b, i, a);
    }
    if (a == 1 && b == 0) {
        return nrdi_moments_column(state, i);
    }
    if (a + b == 2 && (i == j || a == 1)) {
        return nrdi_moments_product(state, i, j);
    }
    for (size_t k = 0; k < powers->count; k++) {
        const nrdi_power sum = powers->sum[k];

        if (sum.i == i && sum.a == a && sum.b == b && sum.j == j) {
            return powers->first + k;
        }
    }
    return SIZE_MAX; /* not reached: a regression asks for what is kept */
}

static nrd_status
check(const nrd_moments *state, const int32_t *degrees, size_t n, nrd_error *err)
{
    if (state == NULL || degrees == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or the degrees are NULL");
    }
    if (n != state->columns) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are %zu degrees, expected %zu",
            n, state->columns);
    }
    if (state->level != NRD_MOMENTS_COVARIANCES) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "the state keeps no covariances");
    }
    for (size_t i = 0; i < n; i++) {
        if (degrees[i] < 1 || degrees[i] > MOST_DEGREE) {
            return nrdi_fail(err, NRD_E_DOMAIN, i, "the degree is %d, expected 1 to %d",
                (int) degrees[i], MOST_DEGREE);
        }
    }
    for (size_t g = 0; g < state->groups; g++) {
        if (nrdi_moments_record(state, g)[NRDI_ROWS] != 0) {
            return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW, "the state has rows");
        }
    }
    if (state->powers != NULL) {
        return nrdi_fail(err, NRD_E_CONFLICT, NRD_NO_ROW, "the state keeps powers");
    }
    return NRD_OK;
}

/* Give a state without rows so many more sums. */
static nrd_status
add_sums(nrd_moments *state, size_t more, nrd_error *err)
{
    const size_t before = state->sums;
    nrdi_window *windows = nrdi_malloc(before + more, sizeof *windows);
    nrd_status status;

    if (windows == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    memcpy(windows, state->windows, before * sizeof *windows);
    for (size_t k = before; k < before + more; k++) {
        windows[k] = nrdi_moments_first_window(state);
    }
    state->sums += more;
    status = nrdi_moments_move(state, windows, state->groups, err);
    if (status != NRD_OK) {
        state->sums = before;
        nrdi_free(windows);
    }
    return status;
}

nrd_status
nrd_moments_keep_powers(
    nrd_moments *state, const int32_t *degrees, size_t n, nrd_error *err)
{
    struct nrdi_powers *powers;
    nrd_status status;

    NRDI_TRY(check(state, degrees, n, err));
    powers = make(degrees, n, state->sums);
    if (powers == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu columns", n);
    }
    status = add_sums(state, powers->count, err);
    if (status != NRD_OK) {
        release(powers);
        return status;
    }
    state->powers = powers;
    return NRD_OK;
}

/* Name the column that is to blame the more. */
static nrd_status
out_of_range(nrdi_power sum, const int *low, const int *high, nrd_error *err)
{
    const int size_i = sum.a * (high[sum.i] > -low[sum.i] ? high[sum.i] : -low[sum.i]);
    const int size_j = sum.b * (high[sum.j] > -low[sum.j] ? high[sum.j] : -low[sum.j]);
    const size_t column = size_i >= size_j ? sum.i : sum.j;

    return nrdi_fail(err, NRD_E_OVERFLOW, NRD_NO_ROW,
        "column %zu to the power %d is out of range: its sizes are from 2^%d to 2^%d",
        column, size_i >= size_j ? sum.a : sum.b, low[column] - 1, high[column]);
}

nrd_status
nrdi_moments_power_windows(const nrd_moments *state, const int *low, const int *high,
    int *first, int *end, nrd_error *err)
{
    const struct nrdi_powers *powers = state->powers;
    const int weighted = state->weights != NRD_WEIGHTS_NONE;
    const int least = weighted ? low[state->columns] - PRECISION : 0;
    const int greatest = weighted ? high[state->columns] : 0;

    for (size_t k = 0; powers != NULL && k < powers->count; k++) {
        const nrdi_power sum = powers->sum[k];
        const int bottom =
            sum.a * (low[sum.i] - PRECISION) + sum.b * (low[sum.j] - PRECISION) + least;
        const int top = sum.a * high[sum.i] + sum.b * high[sum.j] + greatest + 64;

        if (bottom < -NRDI_EXACT_OFFSET || top > NRDI_EXACT_OFFSET - 96) {
            return out_of_range(sum, low, high, err);
        }
        first[powers->first + k] = (bottom + NRDI_EXACT_OFFSET) / 32;
        end[powers->first + k] = (top + NRDI_EXACT_OFFSET) / 32 + 2;
    }
    return NRD_OK;
}
