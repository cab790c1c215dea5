#ifndef NRD_STATUS_H
#define NRD_STATUS_H

#include <stddef.h>
#include <stdint.h>

#if defined(NRD_STATIC)
#define NRD_API
#elif defined(_WIN32)
#define NRD_API __declspec(dllimport)
#else
#define NRD_API __attribute__((visibility("default")))
#endif

#if defined(__GNUC__)
#define NRD_NODISCARD __attribute__((warn_unused_result))
#else
#define NRD_NODISCARD
#endif

/* The row of an error that belongs to no row. */
#define NRD_NO_ROW SIZE_MAX

/* cffi: begin */

/** Outcome of every call that can fail. The values are permanent. */
typedef enum {
    NRD_OK = 0,
    NRD_E_NULL = 1,      /* a required pointer is NULL */
    NRD_E_DOMAIN = 2,    /* a value outside its range */
    NRD_E_SIZE = 3,      /* a length that does not fit */
    NRD_E_MEMORY = 4,    /* no memory left */
    NRD_E_PARSE = 5,     /* a text that is not what it must be */
    NRD_E_DUPLICATE = 6, /* the same key twice */
    NRD_E_UNKNOWN = 7,   /* a key or index that does not exist */
    NRD_E_CONFLICT = 8,  /* statements that contradict each other */
    NRD_E_OVERFLOW = 9,  /* a result too large for its type */
    NRD_E_TYPE = 10,     /* a column of another type than expected */
    NRD_E_CANCELLED = 11 /* the caller asked the call to stop */
} nrd_status;

/**
 * What went wrong; owned by the caller, filled on failure only.
 *
 * `row` counts from 0 and is NRD_NO_ROW where no row is to blame; `message` is one
 * English sentence, UTF-8, always terminated. Callers may pass NULL instead.
 */
typedef struct {
    nrd_status status;
    size_t row;
    char message[256];
} nrd_error;

/** Name of a status, "NRD_E_DOMAIN" for example; "unknown status" for any other value. */
NRD_API const char *nrd_status_name(nrd_status status);

/** Version of libnrd, "0.1.0" for example. */
NRD_API const char *nrd_version(void);

/** Version of the GSL that libnrd was linked with. */
NRD_API const char *nrd_gsl_version(void);

/** Version of the cJSON that libnrd was linked with. */
NRD_API const char *nrd_cjson_version(void);

/** Version of the GMP that libnrd runs with. */
NRD_API const char *nrd_gmp_version(void);

/* cffi: end */

#endif
