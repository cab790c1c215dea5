#ifndef NRD_TALLY_H
#define NRD_TALLY_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * Rows that hold one cell each: the code of a group, such as a district, and a state. Both
 * are signed whole numbers in the width the caller holds them in.
 */
typedef struct {
    const void *group;  /* n codes */
    size_t group_bytes; /* width of a code: 1, 2, 4 or 8 */
    const void *state;  /* n states: 1 met, 0 unmet, -1 unknown */
    size_t state_bytes; /* width of a state: 1 or 8 */
    size_t n;
    int64_t first; /* code of the first group; the others follow one by one */
    size_t groups; /* number of groups, at least 1 */
} nrd_tally_rows;

/** Cells of one group by their state. */
typedef struct {
    uint64_t unknown;
    uint64_t unmet;
    uint64_t met;
} nrd_tally;

/**
 * Count the cells of each group by their state, in one pass over the rows.
 *
 * @param[in]  rows    the rows
 * @param[in]  threads as in nrd_thread_count; any number gives the same counts
 * @param[out] out     one tally a group, as many as rows->groups; written only on success
 * @param[out] err     reason of a failure, or NULL; its row is the first that fails
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_SIZE    there are no groups
 * @retval NRD_E_TYPE    a width is none of those above
 * @retval NRD_E_UNKNOWN a code is not one of a group
 * @retval NRD_E_DOMAIN  a state is not -1, 0 or 1
 * @retval NRD_E_MEMORY  no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_tally_groups(
    const nrd_tally_rows *rows, int threads, nrd_tally *out, nrd_error *err);

/* cffi: end */

#endif
