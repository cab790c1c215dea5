/* Adding complete rows to the sums of a state. */

#include "moments_power_private.h"

#include <math.h>

/* Products of three values whose parts may leave the range of doubles go through integers.
 */
#define LEAST_PRODUCT 0x1p-800
#define GREATEST_PRODUCT 0x1p+800

/* The sums of all columns, or of none. */
static int
add_columns(
    const nrd_moments *kind, nrd_exact *sums, int *exponents, const nrdi_rows_block *block)
{
    size_t added = 0;

    while (
        added < kind->columns && nrdi_exact_add_block(&sums[added], block->columns[added],
                                     block->rows, &exponents[added])) {
        added++;
    }
    if (added == kind->columns) {
        return 1;
    }
    for (size_t i = 0; i < added; i++) {
        for (size_t row = 0; row < block->rows; row++) {
            nrd_exact_subtract(&sums[i], block->columns[i][row]);
        }
    }
    return 0;
}

int
nrdi_moments_add_block(const nrd_moments *kind, nrd_exact *sums, int *exponents,
    nrdi_range *ranges, const nrdi_rows_block *block)
{
    const int all = kind->level == NRD_MOMENTS_COVARIANCES;

    if (!add_columns(kind, sums, exponents, block)) {
        return 0;
    }
    for (size_t i = 0; i < kind->columns && kind->level != NRD_MOMENTS_MEANS; i++) {
        ranges[i] = nrdi_block_range(block->columns[i], block->rows);
        for (size_t j = all ? 0 : i; j <= i; j++) {
            nrdi_exact_add_product_block(&sums[nrdi_moments_product(kind, j, i)],
                block->columns[i], block->columns[j], block->rows, ranges[i], ranges[j]);
        }
    }
    return 1;
}

void
nrdi_moments_add_sum(
    const nrd_moments *state, int64_t *record, size_t sum, const nrd_exact *exact)
{
    const nrdi_window window = state->windows[sum];

    for (size_t i = 0; i < window.count; i++) {
        record[window.at + i] += exact->digit[(size_t) window.first + i];
    }
}

void
nrdi_moments_add_sums(nrd_moments *state, const nrd_exact *sums, uint64_t rows)
{
    int64_t *record = nrdi_moments_record(state, 0);

    nrdi_moments_carry(state, record);
    for (size_t k = 0; k < state->sums; k++) {
        nrdi_moments_add_sum(state, record, k, &sums[k]);
    }
    nrdi_moments_carry(state, record);
    record[NRDI_ROWS] += (int64_t) rows;
}

/* Digits of a sum, to be indexed from `first` on. */
typedef struct {
    int64_t *digit;
    int first;
} sum_digits;

static sum_digits
digits_of(const nrd_moments *state, int64_t *record, size_t sum)
{
    return (sum_digits){record + state->windows[sum].at, state->windows[sum].first};
}

/* As nrdi_digits_add, for a window; 0 has no place in it. A negative mantissa is a digit
 * above 0 less one of the next. */
static inline void
add_value(sum_digits sum, double x)
{
    uint64_t bits, mantissa;
    int64_t value, sign;
    int exponent, position;

    memcpy(&bits, &x, sizeof bits);
    if (bits << 1 == 0) {
        return;
    }
    exponent = (int) (bits >> 52 & 2047);
    mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | (uint64_t) (exponent != 0) << 52;
    sign = (int64_t) bits >> 63;
    value = ((int64_t) mantissa ^ sign) - sign;
    position = exponent + (exponent == 0) + NRDI_EXACT_OFFSET - 1075 - 32 * sum.first;
    sum.digit += position >> 5;
    position &= 31;
    sum.digit[0] += (int64_t) ((uint64_t) value << position & UINT32_MAX);
    sum.digit[1] += value >> (32 - position);
}

/* w * x * y as a sum of doubles where that is without error, else through integers. */
static void
add_product(sum_digits sum, double w, double x, double y)
{
    const double size = fabs(w * x * y), wx = w * x;
    const double rest = fma(w, x, -wx);
    nrdi_parts a;

    if (size >= LEAST_PRODUCT && size <= GREATEST_PRODUCT && fabs(wx) >= LEAST_PRODUCT &&
        fabs(wx) <= GREATEST_PRODUCT) {
        const double high = wx * y, low = fma(wx, y, -high);

        add_value(sum, high);
        add_value(sum, low);
        if (rest != 0.0) {
            const double rest_high = rest * y;

            add_value(sum, rest_high);
            add_value(sum, fma(rest, y, -rest_high));
        }
        return;
    }
    if (w != 0.0 && x != 0.0 && y != 0.0) {
        a = nrdi_parts_of(w);
        a.position -= 32 * sum.first;
        nrdi_digits_add_product(sum.digit, a, nrdi_parts_of(x), nrdi_parts_of(y));
    }
}

static inline void
add_pair(sum_digits sum, nrdi_parts x, nrdi_parts y)
{
    nrdi_digits_add_wide(sum.digit, (nrdi_uint128) x.mantissa * y.mantissa,
        x.position + y.position - NRDI_EXACT_OFFSET - 32 * sum.first,
        x.negative ^ y.negative);
}

static void
add_row(nrd_moments *state, int64_t *record, const nrdi_rows_block *block, size_t row)
{
    const int weighted = block->weight != NULL,
              all = state->level == NRD_MOMENTS_COVARIANCES;
    const double w = weighted ? block->weight[row] : 1.0;

    if (weighted) {
        add_value(digits_of(state, record, 0), w);
    }
    for (size_t i = 0; i < state->columns; i++) {
        const double x = block->columns[i][row];
        const sum_digits sum = digits_of(state, record, nrdi_moments_column(state, i));

        if (weighted) {
            add_product(sum, 1.0, w, x);
        } else {
            add_value(sum, x);
        }
        for (size_t j = all ? 0 : i; j <= i && state->level != NRD_MOMENTS_MEANS; j++) {
            const double y = block->columns[j][row];
            const sum_digits product =
                digits_of(state, record, nrdi_moments_product(state, j, i));

            if (weighted) {
                add_product(product, w, x, y);
            } else {
                add_pair(product, nrdi_parts_of(x), nrdi_parts_of(y));
            }
        }
    }
    if (state->powers != NULL) {
        nrdi_moments_add_powers(state, record, block, row);
    }
}

static inline size_t
group_of(const nrdi_rows_block *block, size_t row)
{
    return (size_t) ((uint64_t) block->group[row] - (uint64_t) block->first_group);
}

void
nrdi_moments_add_rows(nrd_moments *state, const nrdi_rows_block *block)
{
    for (size_t row = 0, rows; row < block->rows; row += rows) {
        const size_t group = block->group != NULL ? group_of(block, row) : 0;
        int64_t *record = nrdi_moments_record(state, group);
        const int64_t waited = record[NRDI_ROWS] % NRDI_CARRY_ROWS;

        rows = nrdi_moments_run(state, block, row);
        if (!nrdi_moments_add_run(state, record, block, row, rows)) {
            for (size_t i = row; i < row + rows; i++) {
                add_row(state, record, block, i);
            }
        }
        record[NRDI_WEIGHTED] += block->weight != NULL && block->weight[row] > 0.0;
        record[NRDI_ROWS] += (int64_t) rows;
        if (waited + (int64_t) rows >= NRDI_CARRY_ROWS) {
            nrdi_moments_carry(state, record);
        }
    }
}
