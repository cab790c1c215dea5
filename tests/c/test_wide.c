#include "support.h"

#include <string.h>

#include "wide_private.h"

#define WORDS 4

static nrdi_wide
wide_of(uint64_t number, unsigned shift)
{
    nrdi_wide out;

    memset(&out, 0, sizeof out);
    nrdi_wide_add(&out, number, shift);
    return out;
}

/* A carry runs through words full of ones, and a borrow back. */
static void
carries_run_through(void **state)
{
    nrdi_wide ones = wide_of(UINT64_MAX, 0), found;
    const nrdi_wide one = wide_of(1, 0), power = wide_of(1, 192);

    (void) state;
    nrdi_wide_add(&ones, UINT64_MAX, 64);
    nrdi_wide_add(&ones, UINT64_MAX, 128);
    nrdi_wide_sum(&found, &ones, &one, WORDS);
    assert_int_equal(nrdi_wide_compare(&found, &power, WORDS), 0);
    nrdi_wide_difference(&found, &power, &one, WORDS);
    assert_int_equal(nrdi_wide_compare(&found, &ones, WORDS), 0);
    assert_int_equal(nrdi_wide_compare(&ones, &power, WORDS), -1);
    assert_int_equal(nrdi_wide_compare(&power, &ones, WORDS), 1);
    nrdi_wide_difference(&found, &power, &ones, WORDS);
    assert_int_equal(nrdi_wide_compare(&found, &one, WORDS), 0);
    nrdi_wide_add(&ones, 1, 0);
    assert_int_equal(nrdi_wide_compare(&ones, &power, WORDS), 0);
}

/* (2^65 + 2^7 + 3) * 19 * 2^shift, for shifts inside and across words. */
static void
products_are_exact(void **state)
{
    nrdi_wide number = wide_of(1, 65), found;

    (void) state;
    nrdi_wide_add(&number, 131, 0);
    for (unsigned shift = 0; shift < 120; shift++) {
        nrdi_wide expected = wide_of(19, 65 + shift);

        nrdi_wide_add(&expected, 131 * 19, shift);
        nrdi_wide_product(&found, &number, 19, shift, WORDS);
        assert_int_equal(nrdi_wide_compare(&found, &expected, WORDS), 0);
    }
    nrdi_wide_product(&found, &number, 0, 7, WORDS);
    assert_int_equal(nrdi_wide_compare(&number, &found, WORDS), 1);
}

/* The last bit of a tie decides, however far below it stands. */
static void
ratios_round_each_number_once(void **state)
{
    const nrdi_wide divisor = wide_of(1, 200);
    const nrdi_wide tie = wide_of(((uint64_t) 1 << 53) + 1, 130);

    (void) state;
    assert_close(nrdi_wide_ratio(&tie, &divisor, WORDS), 0x1p-17, 0.0);
    for (unsigned shift = 0; shift < 130; shift++) {
        nrdi_wide more = tie;

        nrdi_wide_add(&more, 1, shift);
        assert_close(nrdi_wide_ratio(&more, &divisor, WORDS), 0x1.0000000000001p-17, 0.0);
    }
    for (unsigned shift = 0; shift < 190; shift++) {
        const nrdi_wide seven = wide_of(7, shift), nineteen = wide_of(19, shift);

        assert_close(nrdi_wide_ratio(&seven, &nineteen, WORDS), 7.0 / 19.0, 0.0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_run_through),
        cmocka_unit_test(products_are_exact),
        cmocka_unit_test(ratios_round_each_number_once),
    };

    return cmocka_run_group_tests_name("wide", tests, NULL, NULL);
}
