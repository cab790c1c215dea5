/* Adding rows to a state: the rows are cut among threads, each of which fills a state of
 * its own; only when all went well are these merged. */

#include "moments_read_private.h"

#include <math.h>

#include "moments_power_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer rows than this are not worth a thread. */
#define ROWS_PER_THREAD 32768

static size_t
first_row(const nrdi_update *u, int w)
{
    return (size_t) ((nrdi_uint128) u->rows * (unsigned) w / (unsigned) u->workers);
}

static int
is_stopped(const nrdi_update *u)
{
    return u->stop != NULL && __atomic_load_n(u->stop, __ATOMIC_RELAXED) != 0;
}

/* Go through the rows of one thread, block by block. */
static nrd_status
each_block(
    const nrdi_update *u, int w, void (*take)(nrdi_worker *, const nrdi_rows_block *))
{
    nrdi_worker *own = &u->worker[w];
    const size_t end = first_row(u, w + 1);

    own->dropped = 0;
    own->added = 0;
    for (size_t start = first_row(u, w); start < end; start += NRDI_BLOCK) {
        const size_t n = end - start < NRDI_BLOCK ? end - start : NRDI_BLOCK;
        nrdi_rows_block block;

        if (is_stopped(u)) {
            return nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        NRDI_TRY(nrdi_read_block(u, own, start, n, &block));
        take(own, &block);
        own->added += block.rows;
    }
    return NRD_OK;
}

static void
take_block(nrdi_worker *own, const nrdi_rows_block *block)
{
    if (own->sums != NULL) {
        nrdi_moments_add_block(own->kind, own->sums, own->exponents, own->ranges, block);
    } else {
        nrdi_moments_add_rows(own->state, block);
    }
}

/* Exponents of the least and greatest size in each column. */
static void
take_range(nrdi_worker *own, const nrdi_rows_block *block)
{
    const size_t p = own->kind->columns;

    for (size_t i = 0; i < p + (block->weight != NULL); i++) {
        const nrdi_range range =
            nrdi_block_range(i < p ? block->columns[i] : block->weight, block->rows);
        int low, high;

        if (range.greatest > 0.0) {
            (void) frexp(range.least, &low);
            (void) frexp(range.greatest, &high);
            own->low[i] = low < own->low[i] ? low : own->low[i];
            own->high[i] = high > own->high[i] ? high : own->high[i];
        }
    }
}

static void
work_on_sums(void *shared, int w)
{
    const nrdi_update *u = shared;

    u->worker[w].status = each_block(u, w, take_block);
}

static void
work_on_ranges(void *shared, int w)
{
    const nrdi_update *u = shared;

    u->worker[w].status = each_block(u, w, take_range);
}

static void
release(nrdi_worker *own)
{
    if (own->state != own->kind) {
        nrd_moments_free(own->state);
    }
    nrdi_free(own->sums);
    nrdi_free(own->exponents);
    nrdi_free(own->ranges);
    nrdi_free(own->buffer);
    nrdi_free((void *) own->dense);
    nrdi_free(own->group);
    nrdi_free(own->low);
}

static int
prepare(const nrdi_update *u, nrdi_worker *own)
{
    const size_t p = u->state->columns;

    own->kind = u->state;
    own->sums =
        nrdi_update_is_plain(u) ? nrdi_malloc(u->state->sums, sizeof *own->sums) : NULL;
    own->exponents = nrdi_malloc(p, sizeof *own->exponents);
    own->ranges = nrdi_malloc(p, sizeof *own->ranges);
    own->buffer = nrdi_malloc((p + 1) * NRDI_BLOCK, sizeof *own->buffer);
    own->dense = nrdi_malloc(p, sizeof *own->dense);
    own->group = nrdi_malloc(NRDI_BLOCK, sizeof *own->group);
    own->low = nrdi_malloc(2 * (p + 1), sizeof *own->low);
    if (own->exponents == NULL || own->ranges == NULL || own->buffer == NULL ||
        own->dense == NULL || own->group == NULL || own->low == NULL ||
        (nrdi_update_is_plain(u) && own->sums == NULL)) {
        return 0;
    }
    own->high = own->low + p + 1;
    for (size_t i = 0; i < p; i++) {
        own->exponents[i] = NRDI_NO_EXPONENT;
    }
    for (size_t i = 0; i <= p; i++) {
        own->low[i] = INT_MAX;
        own->high[i] = INT_MIN;
    }
    return 1;
}

/* The failure of the first row that failed, whichever thread met it. */
static nrd_status
first_failure(const nrdi_update *u, nrd_error *err)
{
    const nrdi_worker *worst = NULL;

    for (int w = 0; w < u->workers; w++) {
        const nrdi_worker *own = &u->worker[w];

        if (own->status != NRD_OK && (worst == NULL || own->err.row < worst->err.row)) {
            worst = own;
        }
    }
    if (worst == NULL) {
        return NRD_OK;
    }
    if (err != NULL) {
        *err = worst->err;
    }
    return worst->status;
}

static nrd_status
check_arguments(const nrdi_update *u, const nrd_moments *state, size_t n, nrd_error *err)
{
    const size_t rows = u->rows;

    if (n != state->columns) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are %zu columns, expected %zu",
            n, state->columns);
    }
    for (size_t i = 0; i < n; i++) {
        NRDI_TRY(nrd_column_check(&u->columns[i], NRD_TYPE_FLOAT64, rows, "a column", err));
    }
    if ((u->weight != NULL) != (state->weights != NRD_WEIGHTS_NONE)) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "weights are %s, expected %s",
            u->weight != NULL ? "given" : "missing", u->weight != NULL ? "none" : "them");
    }
    if (u->weight != NULL) {
        NRDI_TRY(nrd_column_check(u->weight, NRD_TYPE_FLOAT64, rows, "the weight", err));
    }
    if (u->group == NULL && state->groups > 1) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW,
            "the group is NULL, expected %zu groups", state->groups);
    }
    if (u->group != NULL) {
        const nrd_type type =
            u->group->type == NRD_TYPE_INT32 ? NRD_TYPE_INT32 : NRD_TYPE_INT64;

        NRDI_TRY(nrd_column_check(u->group, type, rows, "the group", err));
    }
    return NRD_OK;
}

/* Bits that a sum can reach: from the least bit of what goes into it, less the 53 bits that
 * a part of a product may be written with, to 2^64 times the largest. */
static void
set_window(int low, int high, int factors, int *first, int *end)
{
    const int bottom = low - 53 * factors - (factors > 1 ? 53 : 0);

    *first = bottom > -NRDI_EXACT_OFFSET ? (bottom + NRDI_EXACT_OFFSET) / 32 : 0;
    *end = (high + 64 + NRDI_EXACT_OFFSET) / 32 + 2;
}

/* Widen the windows of a state to the ranges that the threads found. */
static nrd_status
widen(const nrdi_update *u, nrd_moments *state, nrd_error *err)
{
    const size_t p = state->columns;
    const int weighted = u->weight != NULL, all = state->level == NRD_MOMENTS_COVARIANCES;
    int *low = u->worker[0].low, *high = u->worker[0].high;
    int *first = nrdi_malloc(2 * state->sums, sizeof *first), *end;
    nrd_status status;

    if (first == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the sums");
    }
    end = first + state->sums;
    for (size_t i = 0; i <= p; i++) {
        for (int w = 1; w < u->workers; w++) {
            low[i] = u->worker[w].low[i] < low[i] ? u->worker[w].low[i] : low[i];
            high[i] = u->worker[w].high[i] > high[i] ? u->worker[w].high[i] : high[i];
        }
        /* Nothing but zeros, or no rows: any narrow window will do. */
        low[i] = high[i] == INT_MIN ? 0 : low[i];
        high[i] = high[i] == INT_MIN ? 0 : high[i];
    }
    if (weighted) {
        set_window(low[p], high[p], 1, &first[0], &end[0]);
    }
    for (size_t i = 0; i < p; i++) {
        const size_t own = nrdi_moments_column(state, i);
        const int wl = weighted ? low[p] : 0, wh = weighted ? high[p] : 0;

        set_window(wl + low[i], wh + high[i], 1 + weighted, &first[own], &end[own]);
        for (size_t j = all ? 0 : i; j <= i && state->level != NRD_MOMENTS_MEANS; j++) {
            const size_t k = nrdi_moments_product(state, j, i);

            set_window(wl + low[i] + low[j], wh + high[i] + high[j], 2 + weighted,
                &first[k], &end[k]);
        }
    }
    status = nrdi_moments_power_windows(state, low, high, first, end, err);
    status = status == NRD_OK ? nrdi_moments_widen(state, first, end, err) : status;
    nrdi_free(first);
    return status;
}

static int
is_empty(const nrd_moments *state)
{
    for (size_t g = 0; g < state->groups; g++) {
        if (nrdi_moments_record(state, g)[NRDI_ROWS] != 0) {
            return 0;
        }
    }
    return 1;
}

/* With groups or weights: first the ranges, then the sums, in states of the same windows. A
 * state that is still empty is the first thread's own: it can be emptied again. */
static nrd_status
add_by_rows(nrdi_update *u, nrd_moments *state, nrd_error *err)
{
    const int empty = is_empty(state);
    nrd_status status;

    nrdi_parallel_run(u->workers, work_on_ranges, u);
    NRDI_TRY(first_failure(u, err));
    NRDI_TRY(widen(u, state, err));
    for (int w = 0; w < u->workers; w++) {
        u->worker[w].state = w == 0 && empty ? state : nrdi_moments_like(state);
        if (u->worker[w].state == NULL) {
            return nrdi_fail(
                err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", u->workers);
        }
    }
    nrdi_parallel_run(u->workers, work_on_sums, u);
    status = first_failure(u, err);
    if (status != NRD_OK && empty) {
        memset(state->records, 0, state->groups * state->stride * sizeof *state->records);
    }
    for (int w = empty ? 1 : 0; w < u->workers && status == NRD_OK; w++) {
        for (size_t g = 0; g < state->groups; g++) {
            nrdi_moments_add_record(state, g, u->worker[w].state, g);
        }
    }
    return status;
}

static nrd_status
add_by_blocks(nrdi_update *u, nrd_moments *state, nrd_error *err)
{
    nrdi_parallel_run(u->workers, work_on_sums, u);
    NRDI_TRY(first_failure(u, err));
    for (int w = 0; w < u->workers; w++) {
        nrdi_moments_add_sums(state, u->worker[w].sums, u->worker[w].added);
    }
    return NRD_OK;
}

nrd_status
nrd_moments_update(nrd_moments *state, const nrd_column *columns, size_t n,
    const nrd_column *group, int64_t first_group, const nrd_column *weight, int threads,
    const int *stop, nrd_error *err)
{
    nrdi_update u = {.state = state,
        .columns = columns,
        .group = group,
        .first_group = first_group,
        .weight = weight,
        .stop = stop};
    nrd_status status = NRD_OK;
    size_t most;

    if (state == NULL || columns == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the state or the columns are NULL");
    }
    u.rows = n > 0 ? columns[0].length : 0;
    NRDI_TRY(check_arguments(&u, state, n, err));
    /* Each thread fills groups of its own, which are merged in the end. */
    most = u.rows / (ROWS_PER_THREAD + 8 * (state->groups - 1)) + 1;
    u.workers = nrd_thread_count(threads);
    u.workers = (size_t) u.workers > most ? (int) most : u.workers;
    u.worker = nrdi_malloc((size_t) u.workers, sizeof *u.worker);
    if (u.worker == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", u.workers);
    }
    for (int w = 0; w < u.workers && status == NRD_OK; w++) {
        if (!prepare(&u, &u.worker[w])) {
            status = nrdi_fail(
                err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", u.workers);
        }
    }
    if (status == NRD_OK) {
        status = nrdi_update_is_plain(&u) ? add_by_blocks(&u, state, err)
                                          : add_by_rows(&u, state, err);
    }
    for (int w = 0; w < u.workers; w++) {
        state->dropped += status == NRD_OK ? u.worker[w].dropped : 0;
        release(&u.worker[w]);
    }
    nrdi_free(u.worker);
    return status;
}
