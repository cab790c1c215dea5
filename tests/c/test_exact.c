#include <float.h>

#include "exact_private.h"
#include "exact_toy.h"

#define ROWS 128
#define LEAVES 60
#define LEAST 0x1p-1074
#define INFINITE ((double) INFINITY)

static void
assert_quotients(const nrd_exact *sum, const cJSON *ref)
{
    uint64_t counts[ROWS];
    const size_t n = ref_counts(ref, "counts", counts, ROWS);

    for (size_t i = 0; i < n; i++) {
        double found = 7.19;

        assert_int_equal(nrd_exact_mean(sum, counts[i], &found, NULL), NRD_OK);
        assert_rounded(found, ref_at(ref, "means", i), i);
    }
}

/* Forwards and backwards the same; taken back, nothing is left. */
static void
sums_match_reference(void **state)
{
    cJSON *ref = ref_open("exact_sum");
    const cJSON *item;
    const nrd_exact empty = sum_of(NULL, 0);

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double values[ROWS];
        const size_t n = ref_doubles(item, "values", values, ROWS);
        nrd_exact forward = sum_of(values, n), backward;

        nrd_exact_init(&backward);
        for (size_t i = n; i-- > 0;) {
            nrd_exact_add(&backward, values[i]);
        }
        assert_bytes(&forward, item, "bytes", "forwards");
        assert_bytes(&backward, item, "bytes", "backwards");
        assert_rounded(nrd_exact_round(&forward), ref_at(item, "sum", 0), n);
        assert_int_equal(nrd_exact_sign(&forward), (int) ref_at(item, "sign", 0));
        assert_quotients(&forward, item);
        for (size_t i = 0; i < n; i++) {
            nrd_exact_subtract(&forward, values[i]);
        }
        assert_same_sum(&forward, &empty, "all taken back");
    }
    cJSON_Delete(ref);
}

static void
products_match_reference(void **state)
{
    cJSON *ref = ref_open("exact_product");
    const cJSON *item;

    (void) state;
    cJSON_ArrayForEach(item, ref_get(ref, "cases"))
    {
        double w[ROWS], x[ROWS], y[ROWS];
        const size_t n = ref_doubles(item, "w", w, ROWS);
        nrd_exact pairs, triples;

        assert_int_equal(ref_doubles(item, "x", x, ROWS), n);
        assert_int_equal(ref_doubles(item, "y", y, ROWS), n);
        nrd_exact_init(&pairs);
        nrd_exact_init(&triples);
        for (size_t i = 0; i < n; i++) {
            nrd_exact_add_product(&pairs, x[i], y[i]);
            nrd_exact_add_product3(&triples, w[i], x[i], y[i]);
        }
        assert_bytes(&pairs, item, "pairs", "products of two");
        assert_bytes(&triples, item, "triples", "products of three");
        assert_same(nrd_exact_round(&pairs), ref_at(item, "sums", 0), n);
        assert_same(nrd_exact_round(&triples), ref_at(item, "sums", 1), n);
    }
    cJSON_Delete(ref);
}

/* The factors change places, the sign moves: the same product. */
static void
products_keep_under_exchange(void **state)
{
    uint64_t seed = 1;

    (void) state;
    for (size_t i = 0; i < 500; i++) {
        const double a = next_double(&seed, -1074, 1022), b = next_double(&seed, -500, 500);
        const double c = next_double(&seed, -1022, 1022);
        nrd_exact sum, empty;

        nrd_exact_init(&sum);
        nrd_exact_init(&empty);
        nrd_exact_add_product3(&sum, a, b, c);
        nrd_exact_add_product3(&sum, c, -a, b);
        nrd_exact_add_product3(&sum, b, c, a);
        nrd_exact_add_product3(&sum, -c, b, a);
        nrd_exact_add_product(&sum, a, -c);
        nrd_exact_add_product3(&sum, c, a, 1.0);
        assert_same_sum(&sum, &empty, "products that cancel");
    }
}

/* A product less its two halves, the rounded one and the error of rounding: nothing. */
static void
products_add_to_sums(void **state)
{
    uint64_t seed = 2;

    (void) state;
    for (size_t i = 0; i < 500; i++) {
        const double x = next_double(&seed, -400, 500), y = next_double(&seed, -400, 500);
        const double high = x * y, low = fma(x, y, -high);
        nrd_exact sum;

        nrd_exact_init(&sum);
        nrd_exact_add_product(&sum, x, y);
        assert_same(nrd_exact_round(&sum), high, i);
        nrd_exact_subtract(&sum, high);
        assert_same(nrd_exact_round(&sum), low == 0.0 ? 0.0 : low, i);
        nrd_exact_add(&sum, -low);
        assert_int_equal(nrd_exact_sign(&sum), 0);
    }
}

static void
rounding_knows_infinities(void **state)
{
    static const struct {
        double factors[3];
        double expected;
    } cases[] = {
        {{1.0, 1.0, INFINITE}, INFINITE},
        {{-2.385, INFINITE, 7.0}, -INFINITE},
        {{-INFINITE, INFINITE, -7.0}, INFINITE},
        {{0.0, INFINITE, 2.0}, (double) NAN},
        {{INFINITE, 7.0, -0.0}, (double) NAN},
        {{(double) NAN, 0.0, INFINITE}, (double) NAN},
        {{1e300, 1e300, -INFINITE}, -INFINITE},
        {{1e-300, 1e-300, INFINITE}, INFINITE},
        {{1e-300, INFINITE, -1e-300}, -INFINITE},
        {{INFINITE, 1e-300, 1e-300}, INFINITE},
    };

    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double *f = cases[i].factors;

        for (size_t k = 0; k < 3; k++) {
            nrd_exact sum = sum_of(&(double){-DBL_MAX}, 1);
            double mean;

            nrd_exact_add_product3(&sum, f[k], f[(k + 1) % 3], f[(k + 2) % 3]);
            assert_rounded(nrd_exact_round(&sum), cases[i].expected, i);
            assert_int_equal(nrd_exact_mean(&sum, 7, &mean, NULL), NRD_OK);
            assert_rounded(mean, cases[i].expected, i);
        }
    }
}

/* What is not finite hides the sum of the rest; taken back, it shows again. */
static void
specials_can_be_taken_back(void **state)
{
    const double values[] = {INFINITE, (double) NAN, -INFINITE, -INFINITE};
    nrd_exact sum = sum_of((const double[]){2.385, 7.19}, 2);
    const nrd_exact before = sum;

    (void) state;
    for (size_t i = 0; i < 4; i++) {
        nrd_exact_add(&sum, values[i]);
    }
    assert_true(isnan(nrd_exact_round(&sum)));
    nrd_exact_subtract(&sum, values[1]);
    assert_true(isnan(nrd_exact_round(&sum)));
    nrd_exact_subtract(&sum, values[0]);
    assert_same(nrd_exact_round(&sum), -INFINITE, 0);
    nrd_exact_subtract(&sum, values[2]);
    assert_same(nrd_exact_round(&sum), -INFINITE, 1);
    nrd_exact_subtract(&sum, values[3]);
    assert_same_sum(&sum, &before, "specials taken back");
}

/* The same value 3000 times, with all bits set, at each place among the digits: no carry is
 * lost, and the mean is the value. */
static void
carries_wait_and_are_not_lost(void **state)
{
    (void) state;
    for (int place = 0; place < 34; place++) {
        const double value = ldexp(place % 2 != 0 ? -DBL_MAX : DBL_MAX, -place);
        nrd_exact sum, product, cubes, cube;
        double mean;

        nrd_exact_init(&sum);
        nrd_exact_init(&product);
        nrd_exact_init(&cubes);
        nrd_exact_init(&cube);
        nrd_exact_add_product(&product, 3000.0, value);
        nrd_exact_add_product3(&cube, value, value, value);
        for (size_t i = 0; i < 3000; i++) {
            nrd_exact_add(&sum, value);
            nrd_exact_add_product3(&cubes, value, value, value);
        }
        assert_same_sum(&sum, &product, "3000 values");
        assert_int_equal(nrd_exact_mean(&sum, 3000, &mean, NULL), NRD_OK);
        assert_same(mean, value, (size_t) place);
        for (size_t i = 0; i < 2999; i++) {
            nrd_exact_unmerge(&cubes, &cube);
        }
        assert_same_sum(&cubes, &cube, "3000 cubes less 2999");
        for (size_t i = 0; i < 3000; i++) {
            nrd_exact_subtract(&sum, value);
        }
        assert_int_equal(nrd_exact_sign(&sum), 0);
    }
}

/* Any pieces, merged in any tree, some of them turned round: the same sum. */
static void
trees_give_the_same_sum(void **state)
{
    double values[1500];
    const size_t n = sizeof values / sizeof values[0];
    uint64_t seed = 3;
    nrd_exact expected, leaves[LEAVES];

    (void) state;
    for (size_t i = 0; i < n; i++) {
        values[i] = next_double(&seed, i % 3 == 0 ? -1074 : -30, i % 3 == 0 ? 1000 : 30);
    }
    values[700] = INFINITE;
    expected = sum_of(values, n);
    for (size_t round = 0; round < 20; round++) {
        shuffle(values, n, &seed);
        for (size_t k = 0; k < LEAVES; k++) {
            nrd_exact_init(&leaves[k]);
        }
        for (size_t i = 0; i < n; i++) {
            nrd_exact_add(&leaves[next_bits(&seed) % LEAVES], values[i]);
        }
        for (size_t left = LEAVES; left > 1; left--) {
            const size_t into = (size_t) (next_bits(&seed) % (left - 1));

            nrd_exact_merge(&leaves[into], &leaves[left - 1]);
        }
        assert_same_sum(&leaves[0], &expected, "a random tree");
    }
}

/* Some leaves merged and taken back again: as if they had never been. */
static void
unmerge_undoes_merge(void **state)
{
    uint64_t seed = 4;
    nrd_exact sum, kept;

    (void) state;
    nrd_exact_init(&sum);
    nrd_exact_init(&kept);
    for (size_t round = 0; round < 700; round++) {
        double values[7];
        nrd_exact part;

        for (size_t i = 0; i < 7; i++) {
            values[i] = next_double(&seed, -1074, 1022);
        }
        values[6] = round % 50 == 7 ? -INFINITE : round % 50 == 9 ? (double) NAN : 0.0;
        part = sum_of(values, 7);
        nrd_exact_merge(&sum, &part);
        if (round % 5 != 0) {
            nrd_exact_unmerge(&sum, &part);
        } else {
            nrd_exact_merge(&kept, &part);
        }
        assert_same_sum(&sum, &kept, "some parts taken back");
    }
    nrd_exact_unmerge(&sum, &kept);
    assert_int_equal(nrd_exact_sign(&sum), 0);
    assert_same(nrd_exact_round(&sum), 0.0, 0);
}

static void
sums_merge_with_themselves(void **state)
{
    const double values[] = {2.385, -1e300, LEAST};
    nrd_exact sum = sum_of(values, 3), doubled = sum;

    (void) state;
    for (size_t i = 0; i < 3; i++) {
        nrd_exact_add(&doubled, values[i]);
    }
    nrd_exact_merge(&sum, &sum);
    assert_same_sum(&sum, &doubled, "twice");
    nrd_exact_unmerge(&sum, &sum);
    assert_int_equal(nrd_exact_sign(&sum), 0);
}

static void
powers_of_two_round_once(void **state)
{
    (void) state;
    for (int exponent = -1330; exponent < 910; exponent++) {
        const double found = nrdi_round_bits((nrdi_uint128) 1 << 127, exponent, 0, 0);

        assert_same(found, ldexp(0x1p127, exponent), (size_t) (exponent + 1330));
    }
}

/* Looking at a sum changes nothing in it. */
static void
signs_are_those_of_the_sum(void **state)
{
    static const double values[] = {1e300, -1e300, -LEAST, LEAST, LEAST, -2.385};
    static const int signs[] = {1, 0, -1, 0, 1, -1};
    nrd_exact sum = sum_of(NULL, 0);

    (void) state;
    assert_int_equal(nrd_exact_sign(&sum), 0);
    for (size_t i = 0; i < 6; i++) {
        nrd_exact before;

        nrd_exact_add(&sum, values[i]);
        before = sum;
        assert_int_equal(nrd_exact_sign(&sum), signs[i]);
        (void) nrd_exact_round(&sum);
        assert_memory_equal(&sum, &before, sizeof sum);
    }
}

/* Both ends of the counts. */
static void
means_take_large_counts(void **state)
{
    nrd_exact sum = sum_of(NULL, 0);
    double found;

    (void) state;
    assert_int_equal(nrd_exact_mean(&sum, UINT64_MAX, &found, NULL), NRD_OK);
    assert_same(found, 0.0, 0);
    nrd_exact_add(&sum, 0x1p64);
    nrd_exact_add(&sum, -1.0);
    assert_int_equal(nrd_exact_mean(&sum, UINT64_MAX, &found, NULL), NRD_OK);
    assert_same(found, 1.0, 1);
    nrd_exact_add_product(&sum, -2.0, 0x1p64 - 0x1p11);
    nrd_exact_add_product(&sum, -2.0, 0x1p11 - 1.0);
    assert_int_equal(nrd_exact_mean(&sum, UINT64_MAX, &found, NULL), NRD_OK);
    assert_same(found, -1.0, 2);
    nrd_exact_init(&sum);
    nrd_exact_add_product(&sum, DBL_MAX, 0x1p53 - 1.0);
    assert_int_equal(nrd_exact_mean(&sum, (UINT64_C(1) << 53) - 1, &found, NULL), NRD_OK);
    assert_same(found, DBL_MAX, 3);
}

static void
mean_checks_its_arguments(void **state)
{
    const nrd_exact sum = sum_of(&(double){INFINITE}, 1);
    double found = 2.385;
    nrd_error err;

    (void) state;
    assert_int_equal(nrd_exact_mean(NULL, 0, &found, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_mean(&sum, 7, NULL, &err), NRD_E_NULL);
    assert_error(&err, NRD_E_NULL, NRD_NO_ROW, "NULL");
    assert_int_equal(nrd_exact_mean(&sum, 0, &found, &err), NRD_E_DOMAIN);
    assert_error(&err, NRD_E_DOMAIN, NRD_NO_ROW, "0");
    assert_int_equal(nrd_exact_mean(&sum, 0, &found, NULL), NRD_E_DOMAIN);
    assert_same(found, 2.385, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_match_reference),
        cmocka_unit_test(products_match_reference),
        cmocka_unit_test(products_keep_under_exchange),
        cmocka_unit_test(products_add_to_sums),
        cmocka_unit_test(rounding_knows_infinities),
        cmocka_unit_test(specials_can_be_taken_back),
        cmocka_unit_test(carries_wait_and_are_not_lost),
        cmocka_unit_test(trees_give_the_same_sum),
        cmocka_unit_test(unmerge_undoes_merge),
        cmocka_unit_test(sums_merge_with_themselves),
        cmocka_unit_test(powers_of_two_round_once),
        cmocka_unit_test(signs_are_those_of_the_sum),
        cmocka_unit_test(means_take_large_counts),
        cmocka_unit_test(mean_checks_its_arguments),
    };

    return cmocka_run_group_tests_name("exact", tests, NULL, NULL);
}
