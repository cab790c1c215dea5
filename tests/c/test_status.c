#include "support.h"

#include <stdio.h>
#include <string.h>

#include <gmp.h>
#include <gsl/gsl_version.h>
#include <nrd/status.h>

#include "status_private.h"

typedef struct {
    nrd_status status;
    int value;
    const char *name;
} named_status;

static const named_status STATUSES[] = {
    {NRD_OK, 0, "NRD_OK"},
    {NRD_E_NULL, 1, "NRD_E_NULL"},
    {NRD_E_DOMAIN, 2, "NRD_E_DOMAIN"},
    {NRD_E_SIZE, 3, "NRD_E_SIZE"},
    {NRD_E_MEMORY, 4, "NRD_E_MEMORY"},
    {NRD_E_PARSE, 5, "NRD_E_PARSE"},
    {NRD_E_DUPLICATE, 6, "NRD_E_DUPLICATE"},
    {NRD_E_UNKNOWN, 7, "NRD_E_UNKNOWN"},
    {NRD_E_CONFLICT, 8, "NRD_E_CONFLICT"},
    {NRD_E_OVERFLOW, 9, "NRD_E_OVERFLOW"},
    {NRD_E_TYPE, 10, "NRD_E_TYPE"},
    {NRD_E_CANCELLED, 11, "NRD_E_CANCELLED"},
};

static void
statuses_keep_value_and_name(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        assert_int_equal(STATUSES[i].status, STATUSES[i].value);
        assert_string_equal(nrd_status_name(STATUSES[i].status), STATUSES[i].name);
    }
}

static void
other_values_are_unknown(void **state)
{
    static const int others[] = {12, 13, 127, 1024, INT32_MAX};

    (void) state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_string_equal(nrd_status_name((nrd_status) others[i]), "unknown status");
    }
}

static void
versions_are_those_linked(void **state)
{
    char cjson[32];

    (void) state;
    (void) snprintf(cjson, sizeof cjson, "%d.%d.%d", CJSON_VERSION_MAJOR,
        CJSON_VERSION_MINOR, CJSON_VERSION_PATCH);
    assert_string_equal(nrd_version(), NRD_VERSION_STRING);
    assert_string_equal(nrd_gsl_version(), GSL_VERSION);
    assert_string_equal(nrd_cjson_version(), cjson);
    assert_string_equal(nrd_gmp_version(), gmp_version);
}

static void
fail_reports_what_it_is_given(void **state)
{
    nrd_error err;

    (void) state;
    memset(&err, 0x5a, sizeof err);
    assert_int_equal(
        nrdi_fail(&err, NRD_E_DOMAIN, 17, "level is %g, expected %s", 2.385, "a share"),
        NRD_E_DOMAIN);
    assert_int_equal(err.status, NRD_E_DOMAIN);
    assert_int_equal(err.row, 17);
    assert_string_equal(err.message, "level is 2.385, expected a share");
}

static void
fail_without_error_gives_the_status(void **state)
{
    (void) state;
    for (size_t i = 1; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        assert_int_equal(nrdi_fail(NULL, STATUSES[i].status, NRD_NO_ROW, "found %d", 7),
            STATUSES[i].value);
    }
}

/* A message of any length ends within its array, and nothing beside it is touched. */
static void
fail_ends_a_long_message(void **state)
{
    char text[400];
    nrd_error errors[2];
    const size_t room = sizeof errors[0].message;

    (void) state;
    for (size_t length = room - 2; length < room + 100; length++) {
        memset(errors, 0x5a, sizeof errors);
        memset(text, 'x', length);
        text[length] = '\0';
        assert_int_equal(nrdi_fail(&errors[0], NRD_E_PARSE, 0, "%s", text), NRD_E_PARSE);
        assert_int_equal(strlen(errors[0].message), length < room ? length : room - 1);
        assert_int_equal(errors[1].message[0], 0x5a);
        assert_int_equal(*(const unsigned char *) &errors[1], 0x5a);
    }
}

/* Continuation bytes that the character begun by a byte still needs. */
static size_t
bytes_after(unsigned char first)
{
    return first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* A message that is cut ends with a whole character: it is UTF-8 as documented. */
static void
fail_cuts_between_characters(void **state)
{
    char text[400];
    nrd_error err;

    (void) state;
    for (size_t shift = 0; shift < 4; shift++) {
        size_t at = 0;

        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) {
            memcpy(text + i, "\u1ec7", 4);
        }
        assert_int_equal(nrdi_fail(&err, NRD_E_PARSE, 0, "%s", text), NRD_E_PARSE);
        while (at < strlen(err.message)) {
            at += 1 + bytes_after((unsigned char) err.message[at]);
        }
        assert_int_equal(at, strlen(err.message));
        assert_in_range(at, sizeof err.message - 4, sizeof err.message - 1);
        assert_memory_equal(err.message, text, at);
    }
}

static nrd_status
try_twice(nrd_status first, int *reached)
{
    NRDI_TRY(first);
    *reached = 1;
    return NRD_OK;
}

static void
try_leaves_on_failure_alone(void **state)
{
    int reached = 0;

    (void) state;
    assert_int_equal(try_twice(NRD_E_CONFLICT, &reached), NRD_E_CONFLICT);
    assert_int_equal(reached, 0);
    assert_int_equal(try_twice(NRD_OK, &reached), NRD_OK);
    assert_int_equal(reached, 1);
}

static void
memory_comes_zeroed(void **state)
{
    unsigned char *bytes = nrdi_malloc(19, 75);

    (void) state;
    assert_non_null(bytes);
    for (size_t i = 0; i < 19 * 75; i++) {
        assert_int_equal(bytes[i], 0);
    }
    memset(bytes, 0x5a, 19 * 75);
    nrdi_free(bytes);
    nrdi_free(NULL);
}

static void
no_memory_is_not_a_failure(void **state)
{
    void *none = nrdi_malloc(0, 8);
    void *empty = nrdi_malloc(8, 0);

    (void) state;
    assert_non_null(none);
    assert_non_null(empty);
    nrdi_free(none);
    nrdi_free(empty);
}

static void
products_do_not_wrap(void **state)
{
    (void) state;
    assert_null(nrdi_malloc(SIZE_MAX / 2 + 2, 2));
    assert_null(nrdi_malloc(SIZE_MAX, SIZE_MAX));
}

static void
allocations_fail_after_a_number(void **state)
{
    void *memory[3];

    (void) state;
    nrdi_malloc_fail_after(2);
    for (size_t i = 0; i < 3; i++) {
        memory[i] = nrdi_malloc(1, 8);
    }
    assert_null(nrdi_malloc(1, 1));
    nrdi_malloc_fail_after(-1);
    assert_non_null(memory[0]);
    assert_non_null(memory[1]);
    assert_null(memory[2]);
    for (size_t i = 0; i < 3; i++) {
        nrdi_free(memory[i]);
        memory[i] = nrdi_malloc(1, 8);
        assert_non_null(memory[i]);
        nrdi_free(memory[i]);
    }
}

/* A sanitizer shall hand back NULL for too much memory, as the C library does. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_keep_value_and_name),
        cmocka_unit_test(other_values_are_unknown),
        cmocka_unit_test(versions_are_those_linked),
        cmocka_unit_test(fail_reports_what_it_is_given),
        cmocka_unit_test(fail_without_error_gives_the_status),
        cmocka_unit_test(fail_ends_a_long_message),
        cmocka_unit_test(fail_cuts_between_characters),
        cmocka_unit_test(try_leaves_on_failure_alone),
        cmocka_unit_test(memory_comes_zeroed),
        cmocka_unit_test(no_memory_is_not_a_failure),
        cmocka_unit_test(products_do_not_wrap),
        cmocka_unit_test(allocations_fail_after_a_number),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
