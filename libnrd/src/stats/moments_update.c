/* Adding rows to a state: the rows are cut among threads, each of which fills sums of its
 * own; only when all went well do these go into the state. */

#include "moments_read_private.h"

#include "arithmetic_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer rows than this are not worth a thread. */
#define ROWS_PER_THREAD 32768

static size_t
first_row(const nrdi_update *u, int w)
{
    return (size_t) ((nrdi_uint128) u->rows * (unsigned) w / (unsigned) u->workers);
}

nrd_status
nrdi_update_each_block(
    const nrdi_update *u, nrdi_worker *own, size_t start, size_t end, nrdi_take *take)
{
    for (; start < end; start += NRDI_BLOCK) {
        const size_t n = end - start < NRDI_BLOCK ? end - start : NRDI_BLOCK;
        nrdi_rows_block block;

        if (nrdi_is_stopped(u->stop)) {
            return nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
        if (!nrdi_read_dense(u, own, start, n, &block) || !take(own, &block)) {
            NRDI_TRY(nrdi_read_rows(u, own, start, n, &block));
            own->ragged = 1;
            (void) take(own, &block);
        }
        NRDI_TRY(own->status);
        own->added += block.rows;
    }
    return NRD_OK;
}

static int
take_block(nrdi_worker *own, const nrdi_rows_block *block)
{
    return nrdi_moments_add_block(own->kind, own->sums, own->exponents, own->ranges, block);
}

static void
work(void *shared, int w)
{
    const nrdi_update *u = shared;
    nrdi_worker *own = &u->worker[w];
    const size_t start = first_row(u, w), end = first_row(u, w + 1);
    fenv_t kept;

    nrdi_arithmetic_begin(&kept);
    own->status = nrdi_update_is_plain(u)
                      ? nrdi_update_each_block(u, own, start, end, take_block)
                      : nrdi_update_by_rows(u, own, start, end);
    nrdi_arithmetic_end(&kept);
}

static void
release(nrdi_worker *own)
{
    nrdi_update_release_rows(own);
    nrdi_free(own->sums);
    nrdi_free(own->exponents);
    nrdi_free(own->ranges);
    nrdi_free(own->buffer);
    nrdi_free((void *) own->dense);
    nrdi_free(own->group);
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
    if (own->exponents == NULL || own->ranges == NULL || own->buffer == NULL ||
        own->dense == NULL || own->group == NULL) {
        return 0;
    }
    for (size_t i = 0; i < p; i++) {
        own->exponents[i] = NRDI_NO_EXPONENT;
    }
    return nrdi_update_is_plain(u) ? own->sums != NULL : nrdi_update_prepare_rows(u, own);
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

static nrd_status
add_all(nrdi_update *u, nrd_moments *state, nrd_error *err)
{
    nrd_status status;

    nrdi_parallel_run(u->workers, work, u);
    status = first_failure(u, err);
    if (!nrdi_update_is_plain(u) && status == NRD_OK) {
        return nrdi_update_finish_rows(u, state, err);
    }
    for (int w = 0; w < u->workers && status == NRD_OK; w++) {
        nrdi_moments_add_sums(state, u->worker[w].sums, u->worker[w].added);
    }
    return status;
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
        status = add_all(&u, state, err);
    }
    for (int w = 0; w < u.workers; w++) {
        state->dropped += status == NRD_OK ? u.worker[w].dropped : 0;
        release(&u.worker[w]);
    }
    nrdi_free(u.worker);
    return status;
}
