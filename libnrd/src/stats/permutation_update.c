/* Arrangements in batches: threads compare, then one of them counts in their order. */

#include "permutation_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Flags of a batch; each arrangement has one for each column. */
#define MOST_FLAGS ((size_t) 1 << 20)
#define MOST_IN_BATCH 4096

typedef struct {
    const nrd_permutation *test;
    const int *stop;
    int workers;
    nrdi_arranged *own;
    const uint32_t *code; /* the first arrangement of the batch, where they are listed */
    uint64_t first;
    size_t count;
    uint8_t *flags;
    double *values;
    int stopped;
} batch;

static void
write_values(const nrd_permutation *test, const nrdi_arranged *own, double *out)
{
    for (size_t j = 0; j < test->columns; j++) {
        const nrdi_permuted *column = &test->column[j];

        out[j] = column->unit * (own->estimate[j] - column->origin);
    }
}

/* Put an arrangement into own, which stands at it where they are listed. */
static void
arrange(const nrd_permutation *test, uint64_t number, nrdi_arranged *own)
{
    if (nrd_permutation_is_exact(test)) {
        nrdi_arrange_listed(test, own);
    } else {
        nrdi_arrange_drawn(test, number, own);
    }
}

/* Every thread goes through all that are listed, and looks at its own. */
static void
work(void *shared, int worker)
{
    batch *all = shared;
    const nrd_permutation *test = all->test;
    const int listed = nrd_permutation_is_exact(test);
    nrdi_arranged *own = &all->own[worker];

    own->turned = all->first;
    if (listed) {
        memcpy(own->code, all->code, test->units.units * sizeof *own->code);
    }
    for (size_t i = 0; i < all->count; i++) {
        if (i % (size_t) all->workers == (size_t) worker) {
            arrange(test, all->first + i, own);
            if (!nrdi_permutation_estimate(test, own, all->stop)) {
                __atomic_store_n(&all->stopped, 1, __ATOMIC_RELAXED);
                return;
            }
            own->flags = all->flags + i * test->columns;
            nrdi_permutation_compare(test, own);
            if (all->values != NULL) {
                write_values(test, own, all->values + i * test->columns);
            }
        }
        if (listed) {
            nrdi_arrange_next(test, own);
        }
    }
}

/* Count one arrangement; a column that has had enough counts no more. */
static void
count_one(nrd_permutation *test, const uint8_t *flags)
{
    const uint64_t enough = test->options.enough;

    for (size_t s = 0; s < test->sides; s++) {
        nrdi_side *side = &test->side[s];

        for (size_t j = 0; j < test->columns; j++) {
            if (enough > 0 && side->extreme[j] >= enough) {
                continue;
            }
            side->used[j]++;
            side->extreme[j] += (flags[j] & NRDI_EXTREME(s)) != 0;
            side->joint[j] += (flags[j] & NRDI_JOINT(s)) != 0;
            test->open -= enough > 0 && side->extreme[j] >= enough;
        }
    }
}

static void
count_batch(nrd_permutation *test, const batch *all)
{
    for (size_t i = 0; i < all->count; i++) {
        if (test->open > 0) {
            count_one(test, all->flags + i * test->columns);
            test->done++;
        } else if (all->values != NULL) {
            for (size_t j = 0; j < test->columns; j++) {
                all->values[i * test->columns + j] = (double) NAN;
            }
        }
    }
}

static size_t
batch_size(const nrd_permutation *test, uint64_t count)
{
    size_t most = MOST_FLAGS / test->columns;

    most = most > MOST_IN_BATCH ? MOST_IN_BATCH : most < 1 ? 1 : most;
    return count < most ? (size_t) count : most;
}

static nrd_status
run_batch(nrd_permutation *test, batch *all, nrd_error *err)
{
    all->first = test->done;
    all->code = test->units.code;
    nrdi_parallel_run(all->workers, work, all);
    if (all->stopped) {
        return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
    }
    if (nrd_permutation_is_exact(test)) {
        memcpy(test->units.code, all->own[0].code,
            test->units.units * sizeof *test->units.code);
    }
    count_batch(test, all);
    return NRD_OK;
}

/* No more threads than there is work for: what each starts with costs it some, and each
 * batch starts them anew. A row of tau is sorted, which takes about as long as eight. */
static int
workers_for(const nrd_permutation *test, uint64_t count, int threads)
{
    const double row = test->statistic == NRD_STATISTIC_KENDALL ? 8.0 : 1.0;
    const double work_to_do =
        row * (double) count * (double) test->n * (double) test->columns;
    const double most = 1.0 + work_to_do / 1e6;
    const int workers = nrd_thread_count(threads);

    return most < workers ? (int) most : workers;
}

nrd_status
nrd_permutation_update(nrd_permutation *test, uint64_t count, int threads, const int *stop,
    double *values_out, nrd_error *err)
{
    batch all = {.test = test, .stop = stop};
    nrd_status status = NRD_OK;

    if (test == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the test is NULL");
    }
    all.workers = workers_for(test, count, threads);
    all.flags = nrdi_malloc(batch_size(test, count), test->columns);
    all.own = nrdi_malloc((size_t) all.workers, sizeof *all.own);
    if (all.own == NULL || all.flags == NULL) {
        status = NRD_E_MEMORY;
    }
    for (int w = 0; status == NRD_OK && w < all.workers; w++) {
        status = nrdi_arranged_new(test, &all.own[w]);
    }
    if (status != NRD_OK) {
        (void) nrdi_fail(err, status, NRD_NO_ROW, "no memory for arrangements");
    }
    while (status == NRD_OK && count > 0 && nrd_permutation_left(test) > 0) {
        const uint64_t left = nrd_permutation_left(test);

        all.count = batch_size(test, count < left ? count : left);
        all.values = values_out;
        status = run_batch(test, &all, err);
        count -= all.count;
        values_out = values_out != NULL ? values_out + all.count * test->columns : NULL;
    }
    for (int w = 0; all.own != NULL && w < all.workers; w++) {
        nrdi_arranged_free(&all.own[w]);
    }
    nrdi_free(all.own);
    nrdi_free(all.flags);
    return status;
}

static void
write_rows(const nrd_permutation *test, nrdi_arranged *own, uint32_t *out)
{
    if (own->shuffled) {
        nrd_random rng;

        nrd_random_start(&rng, test->options.seed, own->number, 0);
        nrd_random_permutation(&rng, test->n, own->source);
    }
    for (size_t i = 0; i < test->n; i++) {
        out[i] = test->x == NULL ? own->x[i] < 0.0 : own->source[i];
    }
}

nrd_status
nrd_permutation_rows(
    nrd_permutation *test, size_t count, uint32_t *rows_out, nrd_error *err)
{
    nrdi_arranged own = {0};
    nrd_status status;

    if (test == NULL || rows_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (count > nrd_permutation_left(test)) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "%zu arrangements are asked for, more than are left", count);
    }
    status = nrdi_arranged_new(test, &own);
    if (status != NRD_OK) {
        (void) nrdi_fail(err, status, NRD_NO_ROW, "no memory for arrangements");
        count = 0;
    } else {
        own.turned = test->done;
        memcpy(own.code, test->units.code, test->units.units * sizeof *own.code);
    }
    for (size_t b = 0; b < count; b++) {
        uint32_t *rows = rows_out + b * test->n;

        arrange(test, test->done++, &own);
        write_rows(test, &own, rows);
        nrdi_arrange_next(test, &own);
    }
    if (status == NRD_OK) {
        memcpy(test->units.code, own.code, test->units.units * sizeof *own.code);
    }
    nrdi_arranged_free(&own);
    return status;
}
