#ifndef NRDI_STATUS_PRIVATE_H
#define NRDI_STATUS_PRIVATE_H

#include <nrd/status.h>

#if defined(__GNUC__)
#define NRDI_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#else
#define NRDI_PRINTF(format_at, args_at)
#endif

/* Leave the function with the status of a failed call; only where nothing is held. */
#define NRDI_TRY(call)                                                                     \
    do {                                                                                   \
        const nrd_status nrdi_try_status = (call);                                         \
        if (nrdi_try_status != NRD_OK) {                                                   \
            return nrdi_try_status;                                                        \
        }                                                                                  \
    } while (0)

/* Fill err (NULL allowed) and return status, so that a caller can return the call. */
nrd_status nrdi_fail(nrd_error *err, nrd_status status, size_t row, const char *format, ...)
    NRDI_PRINTF(4, 5);

/* Length of a UTF-8 text, or of as much of it as fits in `most` bytes without cutting a
 * character: the precision of a %.*s. */
int nrdi_cut(const char *text, int most);

/* Zeroed memory for count items of the given size, or NULL; checks the product. */
void *nrdi_malloc(size_t count, size_t size);

/* Release what nrdi_malloc gave; NULL allowed. */
void nrdi_free(void *memory);

/* For tests: let the next `successes` allocations through and fail all after them;
 * a negative number switches this off. */
void nrdi_malloc_fail_after(long successes);

#endif
