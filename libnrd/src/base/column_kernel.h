/* Kernels over columns of printed decimals, a part of exact_kernel.h, which has the vectors
 * and includes this. */

#include "column_private.h"

static vector
near_whole(vector x)
{
    return (x + all(NRDI_ROUND)) - all(NRDI_ROUND);
}

static int
look_at(
    const double *x, size_t n, double unit, double *least_so_far, double *greatest_so_far)
{
    const vector units = all(unit);
    vector low = all(*least_so_far), high = all(*greatest_so_far);
    words bad = {0};

#pragma GCC unroll 4
    for (size_t i = 0; i < n; i += NRDI_WIDTH) {
        const vector value = *(const vector *) (const void *) (x + i);
        vector back = near_whole(value * units);

        nrdi_fetch_ahead(x + i);
        if (unit != 1.0) {
            back /= units;
        }
        bad |= (words) (back != value) & (words) (value == value);
        low = NRDI_LESS(value, low);
        high = NRDI_MORE(value, high);
    }
    for (int i = 0; i < NRDI_WIDTH; i++) {
        *least_so_far = low[i] < *least_so_far ? low[i] : *least_so_far;
        *greatest_so_far = high[i] > *greatest_so_far ? high[i] : *greatest_so_far;
    }
    return any(bad) == 0;
}

/* One vector of the sums, or two of them, which do not wait for each other. */
static inline void
add_rows(double *sum, const double *const *rows, size_t count, size_t at, double unit,
    int vectors)
{
    const vector units = all(unit);
    vector own[2];

    for (int v = 0; v < vectors; v++) {
        own[v] = *(const vector *) (const void *) (sum + at + v * NRDI_WIDTH);
    }
    for (size_t k = 0; k < count; k++) {
        for (int v = 0; v < vectors; v++) {
            const double *x = rows[k] + at + v * NRDI_WIDTH;
            const vector value = *(const vector *) (const void *) x * units;

            own[v] += unit == 1.0 ? value : near_whole(value);
        }
    }
    for (int v = 0; v < vectors; v++) {
        *(vector *) (void *) (sum + at + v * NRDI_WIDTH) = own[v];
    }
}

static void
add_units(double *sum, const double *const *rows, size_t count, size_t n, double unit)
{
    size_t i = 0;

    for (; i + 2 * NRDI_WIDTH <= n; i += 2 * NRDI_WIDTH) {
        add_rows(sum, rows, count, i, unit, 2);
    }
    if (i < n) {
        add_rows(sum, rows, count, i, unit, 1);
    }
}

static void
divide_by(double *x, size_t n, double unit)
{
    const size_t even = n - n % NRDI_WIDTH;

    for (size_t i = 0; i < even; i += NRDI_WIDTH) {
        *(vector *) (void *) (x + i) /= all(unit);
    }
    for (size_t i = even; i < n; i++) {
        x[i] /= unit;
    }
}
