#include "support.h"

#include <nrd/spatial.h>

#include "status_private.h"

/* A ring of rows, and one without neighbours. */
#define RING 12
#define ROWS (RING + 1)

typedef struct {
    uint32_t from[2 * RING], to[2 * RING];
    double x[ROWS], y[ROWS];
    nrd_neighbours of;
} toy;

static void
fill(toy *out)
{
    for (uint32_t i = 0; i < RING; i++) {
        out->from[2 * i] = out->to[2 * i + 1] = i;
        out->to[2 * i] = out->from[2 * i + 1] = (i + 1) % RING;
        out->x[i] = 10.0 * sin(i / 2.0) + (i * 7) % 5;
        out->y[i] = 3.0 * cos(i / 2.5) + (i * 11) % 4;
    }
    out->x[RING] = 2.385;
    out->y[RING] = 1.5;
    out->of =
        (nrd_neighbours){.n = ROWS, .links = 2 * RING, .from = out->from, .to = out->to};
}

static size_t
steps_of(size_t i, size_t j)
{
    const size_t apart = i > j ? i - j : j - i;

    if (i == j) {
        return 0;
    }
    return i == RING || j == RING ? SIZE_MAX : apart < RING - apart ? apart : RING - apart;
}

/* The covariance matrix of a column by its definition. */
static void
set_matrix(const double *values, double m[ROWS][ROWS])
{
    double mean = 0.0;

    for (size_t i = 0; i < ROWS; i++) {
        mean += values[i] / ROWS;
    }
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < ROWS; j++) {
            double sum = 0.0, count = 0.0;

            for (size_t a = 0; a < ROWS; a++) {
                for (size_t b = 0; b < ROWS; b++) {
                    const int alike = steps_of(a, b) == steps_of(i, j);

                    sum += alike ? (values[a] - mean) * (values[b] - mean) : 0.0;
                    count += alike;
                }
            }
            m[i][j] = steps_of(i, j) == SIZE_MAX ? 0.0 : sum / count;
        }
    }
}

/* Trace of B a, or of B a B b where b is not NULL. */
static double
trace(double a[ROWS][ROWS], double b[ROWS][ROWS])
{
    double out = 0.0, centred[2][ROWS][ROWS];

    for (int k = 0; k < 2; k++) {
        double(*m)[ROWS] = k == 0 ? a : b;

        for (size_t i = 0; i < ROWS && m != NULL; i++) {
            for (size_t j = 0; j < ROWS; j++) {
                double mean = 0.0;

                for (size_t r = 0; r < ROWS; r++) {
                    mean += m[r][j] / ROWS;
                }
                centred[k][i][j] = (m[i][j] - mean) / ROWS;
            }
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
        out += b == NULL ? centred[0][i][i] : 0.0;
        for (size_t j = 0; j < ROWS && b != NULL; j++) {
            out += centred[0][i][j] * centred[1][j][i];
        }
    }
    return out;
}

static void
effective_n_is_that_of_the_matrices(void **state)
{
    double x[ROWS][ROWS], y[ROWS][ROWS], found;
    toy own;

    (void) state;
    fill(&own);
    set_matrix(own.x, x);
    set_matrix(own.y, y);
    assert_int_equal(nrd_spatial_effective(&own.of, own.x, own.y, 0, &found, NULL), NRD_OK);
    assert_close(found, 1.0 + trace(x, NULL) * trace(y, NULL) / trace(x, y), 1e-12);
}

static void
moran_is_its_definition(void **state)
{
    double mean = 0.0, product = 0.0, square = 0.0;
    nrd_moran found;
    toy own;

    (void) state;
    fill(&own);
    for (size_t i = 0; i < ROWS; i++) {
        mean += own.x[i] / ROWS;
    }
    for (size_t i = 0; i < ROWS; i++) {
        square += (own.x[i] - mean) * (own.x[i] - mean);
    }
    for (size_t k = 0; k < own.of.links; k++) {
        product += (own.x[own.from[k]] - mean) * (own.x[own.to[k]] - mean);
    }
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &found, NULL), NRD_OK);
    assert_close(found.i, ROWS * product / (2.0 * RING * square), 1e-13);
    assert_close(found.expected, -1.0 / RING, 0.0);
    assert_int_equal(found.n, ROWS);
    assert_int_equal(found.alone, 1);
}

/* All orders of few values have the mean and variance that are told. */
static void
moran_has_its_moments(void **state)
{
    static const uint32_t from[] = {0, 1, 1, 2, 3, 0}, to[] = {1, 0, 2, 3, 4, 4};
    static const double weight[] = {1.0, 0.5, 2.0, 1.0, 0.25, 1.5};
    static const double values[] = {1.0, 2.5, 2.5, 7.0, -1.0};
    const nrd_neighbours of = {
        .n = 5, .links = 6, .from = from, .to = to, .weight = weight};
    double sum = 0.0, squares = 0.0;
    nrd_moran found, first;

    (void) state;
    assert_int_equal(nrd_spatial_moran(&of, values, &first, NULL), NRD_OK);
    for (int order = 0; order < 120; order++) {
        double arranged[5];
        int left = order, used = 0;

        for (int i = 0; i < 5; i++) {
            int skip = left % (5 - i), at = 0;

            left /= 5 - i;
            while ((used >> at & 1) != 0 || skip-- > 0) {
                at++;
            }
            used |= 1 << at;
            arranged[i] = values[at];
        }
        assert_int_equal(nrd_spatial_moran(&of, arranged, &found, NULL), NRD_OK);
        sum += found.i / 120.0;
        squares += found.i * found.i / 120.0;
    }
    assert_close(sum, first.expected, 1e-12);
    assert_close(squares - sum * sum, first.variance, 1e-12);
}

static void
what_is_missing_is_not_there(void **state)
{
    double whole, cut;
    nrd_moran moran;
    toy own;

    (void) state;
    fill(&own);
    own.of.n = RING;
    assert_int_equal(nrd_spatial_effective(&own.of, own.x, own.y, 0, &whole, NULL), NRD_OK);
    own.of.n = ROWS;
    own.y[RING] = (double) NAN;
    assert_int_equal(nrd_spatial_effective(&own.of, own.x, own.y, 0, &cut, NULL), NRD_OK);
    assert_same(cut, whole, 0);
    for (size_t i = 0; i < ROWS; i++) {
        own.x[i] = 0.3;
    }
    assert_int_equal(nrd_spatial_effective(&own.of, own.x, own.y, 0, &cut, NULL), NRD_OK);
    assert_true(isnan(cut));
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &moran, NULL), NRD_OK);
    assert_true(isnan(moran.i) && isnan(moran.p));
}

static void
bad_input_is_refused(void **state)
{
    double weight[2 * RING], found;
    nrd_moran moran;
    nrd_error err;
    toy own;

    (void) state;
    fill(&own);
    assert_int_equal(nrd_spatial_moran(NULL, own.x, &moran, &err), NRD_E_NULL);
    own.to[3] = ROWS;
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &moran, &err), NRD_E_UNKNOWN);
    assert_error(&err, NRD_E_UNKNOWN, 3, "13");
    own.to[3] = own.from[3];
    assert_int_equal(
        nrd_spatial_effective(&own.of, own.x, own.y, 0, &found, &err), NRD_E_DOMAIN);
    fill(&own);
    own.from[5] = own.from[2];
    own.to[5] = own.to[2];
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &moran, &err), NRD_E_DUPLICATE);
    fill(&own);
    for (size_t k = 0; k < own.of.links; k++) {
        weight[k] = k == 7 ? -1.0 : 1.0;
    }
    own.of.weight = weight;
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &moran, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 7, "-1");
    own.of.weight = NULL;
    own.y[2] = (double) INFINITY;
    assert_int_equal(
        nrd_spatial_effective(&own.of, own.x, own.y, 0, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, 2, "inf");
    own.of.n = (size_t) 1 << 17;
    assert_int_equal(nrd_spatial_moran(&own.of, own.x, &moran, &err), NRD_E_SIZE);
}

static void
memory_may_end(void **state)
{
    nrd_status status[2] = {NRD_E_MEMORY, NRD_E_MEMORY};
    toy own;

    (void) state;
    fill(&own);
    for (long after = 0; status[0] != NRD_OK || status[1] != NRD_OK; after++) {
        nrd_moran moran = {.n = 7};
        double found = 7.0;

        nrdi_malloc_fail_after(after);
        status[0] = nrd_spatial_moran(&own.of, own.x, &moran, NULL);
        nrdi_malloc_fail_after(after);
        status[1] = nrd_spatial_effective(&own.of, own.x, own.y, 0, &found, NULL);
        nrdi_malloc_fail_after(-1);
        assert_true(status[0] == NRD_OK || (status[0] == NRD_E_MEMORY && moran.n == 7));
        assert_true(status[1] == NRD_OK || (status[1] == NRD_E_MEMORY && found == 7.0));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effective_n_is_that_of_the_matrices),
        cmocka_unit_test(moran_is_its_definition),
        cmocka_unit_test(moran_has_its_moments),
        cmocka_unit_test(what_is_missing_is_not_there),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(memory_may_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
