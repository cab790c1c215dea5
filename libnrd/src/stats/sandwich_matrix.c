/* Small dense matrices, by rows. */

#include "sandwich_private.h"

#include <float.h>
#include <math.h>

static void
swap(double *a, double *b)
{
    const double kept = *a;

    *a = *b;
    *b = kept;
}

/* Columns of both matrices are exchanged, and subtracted from each other, until the first
 * one is diagonal. */
int
nrdi_solve(double *matrix, double *rows, size_t k)
{
    double greatest = 0.0;

    for (size_t i = 0; i < k * k; i++) {
        greatest = fmax(greatest, fabs(matrix[i]));
    }
    for (size_t c = 0; c < k; c++) {
        size_t best = c;

        for (size_t j = c + 1; j < k; j++) {
            best = fabs(matrix[c * k + j]) > fabs(matrix[c * k + best]) ? j : best;
        }
        if (!(fabs(matrix[c * k + best]) > NRDI_NO_ROOM * greatest)) {
            return 0;
        }
        for (size_t r = 0; r < k; r++) {
            swap(&matrix[r * k + c], &matrix[r * k + best]);
            swap(&rows[r * k + c], &rows[r * k + best]);
        }
        for (size_t j = 0; j < k; j++) {
            const double factor = j != c ? matrix[c * k + j] / matrix[c * k + c] : 0.0;

            for (size_t r = 0; r < k; r++) {
                matrix[r * k + j] = fma(-factor, matrix[r * k + c], matrix[r * k + j]);
                rows[r * k + j] = fma(-factor, rows[r * k + c], rows[r * k + j]);
            }
        }
    }
    for (size_t i = 0; i < k * k; i++) {
        rows[i] /= matrix[i % k * (k + 1)];
    }
    return 1;
}

/* Turn rows and columns i and j so that the element between them becomes 0. */
static void
rotate(double *matrix, size_t k, size_t i, size_t j, double *vectors)
{
    const double apart = matrix[j * k + j] - matrix[i * k + i];
    const double twice = 2.0 * matrix[i * k + j];
    const double tangent =
        twice / (apart + copysign(hypot(apart, twice), apart >= 0.0 ? 1.0 : -1.0));
    const double c = 1.0 / hypot(1.0, tangent), s = c * tangent;

    for (size_t r = 0; r < k; r++) {
        const double a = matrix[r * k + i], b = matrix[r * k + j];

        matrix[r * k + i] = c * a - s * b;
        matrix[r * k + j] = s * a + c * b;
    }
    for (size_t r = 0; r < k; r++) {
        const double a = matrix[i * k + r], b = matrix[j * k + r];
        const double p = vectors[i * k + r], q = vectors[j * k + r];

        matrix[i * k + r] = c * a - s * b;
        matrix[j * k + r] = s * a + c * b;
        vectors[i * k + r] = c * p - s * q;
        vectors[j * k + r] = s * p + c * q;
    }
}

/* The method of Jacobi; each round squares what is left beside the diagonal. */
void
nrdi_eigen(double *matrix, size_t k, double *values_out, double *vectors_out)
{
    int turned = 1;

    for (size_t i = 0; i < k * k; i++) {
        vectors_out[i] = i % (k + 1) == 0 ? 1.0 : 0.0;
    }
    for (int round = 0; turned && round < 64; round++) {
        turned = 0;
        for (size_t i = 0; i < k; i++) {
            for (size_t j = i + 1; j < k; j++) {
                const double size = fabs(matrix[i * k + i]) + fabs(matrix[j * k + j]);

                if (fabs(matrix[i * k + j]) > size * DBL_EPSILON) {
                    rotate(matrix, k, i, j, vectors_out);
                    turned = 1;
                }
            }
        }
    }
    for (size_t i = 0; i < k; i++) {
        values_out[i] = matrix[i * (k + 1)];
    }
}
