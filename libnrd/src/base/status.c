#include "status_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <gmp.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>

#ifndef NRD_VERSION_STRING
#error "the build defines NRD_VERSION_STRING"
#endif

#ifdef NRDI_TEST_MALLOC
static long allocations_left = -1;

void
nrdi_malloc_fail_after(long successes)
{
    allocations_left = successes;
}

static int
allocation_allowed(void)
{
    if (allocations_left == 0) {
        return 0;
    }
    if (allocations_left > 0) {
        allocations_left--;
    }
    return 1;
}
#else
static int
allocation_allowed(void)
{
    return 1;
}
#endif

const char *
nrd_status_name(nrd_status status)
{
    switch (status) {
    case NRD_OK: return "NRD_OK";
    case NRD_E_NULL: return "NRD_E_NULL";
    case NRD_E_DOMAIN: return "NRD_E_DOMAIN";
    case NRD_E_SIZE: return "NRD_E_SIZE";
    case NRD_E_MEMORY: return "NRD_E_MEMORY";
    case NRD_E_PARSE: return "NRD_E_PARSE";
    case NRD_E_DUPLICATE: return "NRD_E_DUPLICATE";
    case NRD_E_UNKNOWN: return "NRD_E_UNKNOWN";
    case NRD_E_CONFLICT: return "NRD_E_CONFLICT";
    case NRD_E_OVERFLOW: return "NRD_E_OVERFLOW";
    case NRD_E_TYPE: return "NRD_E_TYPE";
    case NRD_E_CANCELLED: return "NRD_E_CANCELLED";
    }
    return "unknown status";
}

const char *
nrd_version(void)
{
    return NRD_VERSION_STRING;
}

const char *
nrd_gsl_version(void)
{
    return gsl_version;
}

const char *
nrd_cjson_version(void)
{
    return cJSON_Version();
}

const char *
nrd_gmp_version(void)
{
    return gmp_version;
}

int
nrdi_cut(const char *text, int most)
{
    int length = 0;

    while (length < most && text[length] != '\0') {
        length++;
    }
    /* A byte 10xxxxxx goes on with a character that began before it. */
    while (length > 0 && text[length] != '\0' &&
           ((unsigned char) text[length] & 0xC0) == 0x80) {
        length--;
    }
    return length;
}

nrd_status
nrdi_fail(nrd_error *err, nrd_status status, size_t row, const char *format, ...)
{
    char message[2 * sizeof err->message];
    va_list args;

    if (err != NULL) {
        err->status = status;
        err->row = row;
        va_start(args, format);
        (void) vsnprintf(message, sizeof message, format, args);
        va_end(args);
        (void) snprintf(err->message, sizeof err->message, "%.*s",
            nrdi_cut(message, (int) sizeof err->message - 1), message);
    }
    return status;
}

void *
nrdi_malloc(size_t count, size_t size)
{
    /* calloc checks the product and a zero count must not look like a failure. */
    return allocation_allowed() ? calloc(count > 0 ? count : 1, size > 0 ? size : 1) : NULL;
}

void
nrdi_free(void *memory)
{
    free(memory);
}

/* GSL's handler aborts the process by default. GSL is linked privately, so this is
 * our own copy's handler: it is switched off once, when the library is loaded. */
__attribute__((constructor)) static void
switch_off_gsl_handler(void)
{
    (void) gsl_set_error_handler_off();
}
