#include <nrd/tally.h>

#include <inttypes.h>

#include "parallel_private.h"
#include "status_private.h"

/* Three counters share a word of 64 bits, so that a row is one addition. A block is short
 * enough that none of them overflows into the next. */
#define FIELD_BITS 21
#define BLOCK_ROWS ((size_t) 1 << 20)
#define FIELD(word, place)                                                                 \
    ((word) >> ((place) * FIELD_BITS) & (((uint64_t) 1 << FIELD_BITS) - 1))
#define ROWS_PER_THREAD ((size_t) 1 << 18)

/* The counters of one group stand in two words, for rows of even and of odd number: where
 * neighbouring rows are of one group, an addition need not wait for the one before. */
typedef struct {
    uint64_t *words;
    nrd_tally *sums;
    size_t stopped; /* the first row that fails, or the end of the share */
} worker_tally;

typedef struct {
    const nrd_tally_rows *rows;
    int workers;
    worker_tally *worker;
} tally_job;

/* Add rows from begin to end to the words; the first that fails, or end. */
#define COUNT(name, group_type, state_type)                                                \
    static size_t name(                                                                    \
        const nrd_tally_rows *rows, size_t begin, size_t end, uint64_t *words)             \
    {                                                                                      \
        const group_type *group = rows->group;                                             \
        const state_type *state = rows->state;                                             \
        const uint64_t first = (uint64_t) rows->first, groups = rows->groups;              \
                                                                                           \
        for (size_t i = begin; i < end; i++) {                                             \
            const uint64_t g = (uint64_t) (int64_t) group[i] - first;                      \
            const uint64_t s = (uint64_t) (int64_t) state[i] + 1;                          \
                                                                                           \
            if (g >= groups || s > 2) {                                                    \
                return i;                                                                  \
            }                                                                              \
            words[2 * g + (i & 1)] += (uint64_t) 1 << (s * FIELD_BITS);                    \
        }                                                                                  \
        return end;                                                                        \
    }

COUNT(count_1_1, int8_t, int8_t)
COUNT(count_2_1, int16_t, int8_t)
COUNT(count_4_1, int32_t, int8_t)
COUNT(count_8_1, int64_t, int8_t)
COUNT(count_1_8, int8_t, int64_t)
COUNT(count_2_8, int16_t, int64_t)
COUNT(count_4_8, int32_t, int64_t)
COUNT(count_8_8, int64_t, int64_t)

typedef size_t (*counter)(const nrd_tally_rows *, size_t, size_t, uint64_t *);

/* The counter of two widths, or NULL. */
static counter
counter_of(size_t group_bytes, size_t state_bytes)
{
    static const counter narrow[] = {
        NULL, count_1_1, count_2_1, NULL, count_4_1, NULL, NULL, NULL, count_8_1};
    static const counter wide[] = {
        NULL, count_1_8, count_2_8, NULL, count_4_8, NULL, NULL, NULL, count_8_8};

    if (group_bytes > 8 || (state_bytes != 1 && state_bytes != 8)) {
        return NULL;
    }
    return state_bytes == 1 ? narrow[group_bytes] : wide[group_bytes];
}

static void
empty_words(worker_tally *own, size_t groups)
{
    for (size_t g = 0; g < groups; g++) {
        const uint64_t even = own->words[2 * g], odd = own->words[2 * g + 1];

        own->sums[g].unknown += FIELD(even, 0) + FIELD(odd, 0);
        own->sums[g].unmet += FIELD(even, 1) + FIELD(odd, 1);
        own->sums[g].met += FIELD(even, 2) + FIELD(odd, 2);
        own->words[2 * g] = own->words[2 * g + 1] = 0;
    }
}

static void
work(void *shared, int worker)
{
    const tally_job *job = shared;
    const nrd_tally_rows *rows = job->rows;
    worker_tally *own = &job->worker[worker];
    const counter count = counter_of(rows->group_bytes, rows->state_bytes);
    const size_t share = rows->n / (size_t) job->workers;
    const size_t last =
        worker + 1 == job->workers ? rows->n : share * (size_t) (worker + 1);

    own->stopped = last;
    for (size_t i = share * (size_t) worker; i < last; i += BLOCK_ROWS) {
        const size_t end = last - i < BLOCK_ROWS ? last : i + BLOCK_ROWS;
        const size_t stopped = count(rows, i, end, own->words);

        if (stopped < end) {
            own->stopped = stopped;
            return;
        }
        empty_words(own, rows->groups);
    }
}

static int64_t
value_at(const void *values, size_t bytes, size_t row)
{
    switch (bytes) {
    case 1: return ((const int8_t *) values)[row];
    case 2: return ((const int16_t *) values)[row];
    case 4: return ((const int32_t *) values)[row];
    default: return ((const int64_t *) values)[row];
    }
}

/* Say what is wrong with a row that stopped a counter. */
static nrd_status
blame(const nrd_tally_rows *rows, size_t row, nrd_error *err)
{
    const int64_t code = value_at(rows->group, rows->group_bytes, row);
    const int64_t state = value_at(rows->state, rows->state_bytes, row);

    if ((uint64_t) code - (uint64_t) rows->first >= rows->groups) {
        return nrdi_fail(err, NRD_E_UNKNOWN, row,
            "the group is %" PRId64 ", expected one of %zu from %" PRId64, code,
            rows->groups, rows->first);
    }
    return nrdi_fail(err, NRD_E_DOMAIN, row,
        "the state is %" PRId64 ", expected -1 (unknown), 0 (unmet) or 1 (met)", state);
}

static nrd_status
run(tally_job *job, nrd_tally *out, nrd_error *err)
{
    const size_t groups = job->rows->groups;

    for (int w = 0; w < job->workers; w++) {
        job->worker[w].words = nrdi_malloc(groups, 2 * sizeof *job->worker[w].words);
        job->worker[w].sums = nrdi_malloc(groups, sizeof *job->worker[w].sums);
        if (job->worker[w].words == NULL || job->worker[w].sums == NULL) {
            return nrdi_fail(
                err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu groups", groups);
        }
    }
    nrdi_parallel_run(job->workers, work, job);
    for (int w = 0; w < job->workers; w++) {
        const size_t share = job->rows->n / (size_t) job->workers;
        const size_t last = w + 1 == job->workers ? job->rows->n : share * (size_t) (w + 1);

        if (job->worker[w].stopped < last) {
            return blame(job->rows, job->worker[w].stopped, err);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        out[g] = (nrd_tally){0, 0, 0};
        for (int w = 0; w < job->workers; w++) {
            out[g].unknown += job->worker[w].sums[g].unknown;
            out[g].unmet += job->worker[w].sums[g].unmet;
            out[g].met += job->worker[w].sums[g].met;
        }
    }
    return NRD_OK;
}

nrd_status
nrd_tally_groups(const nrd_tally_rows *rows, int threads, nrd_tally *out, nrd_error *err)
{
    tally_job job = {rows, 1, NULL};
    nrd_status status;
    size_t most;

    if (rows == NULL || out == NULL ||
        (rows->n > 0 && (rows->group == NULL || rows->state == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the rows or the output is NULL");
    }
    if (rows->groups == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "there are no groups, expected one or more");
    }
    if (counter_of(rows->group_bytes, rows->state_bytes) == NULL) {
        return nrdi_fail(err, NRD_E_TYPE, NRD_NO_ROW,
            "codes of %zu and states of %zu bytes, expected 1, 2, 4 or 8, and 1 or 8",
            rows->group_bytes, rows->state_bytes);
    }
    most = rows->n / ROWS_PER_THREAD + 1;
    job.workers = nrd_thread_count(threads);
    job.workers = (size_t) job.workers > most ? (int) most : job.workers;
    job.worker = nrdi_malloc((size_t) job.workers, sizeof *job.worker);
    if (job.worker == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %d threads", job.workers);
    }
    status = run(&job, out, err);
    for (int w = 0; w < job.workers; w++) {
        nrdi_free(job.worker[w].words);
        nrdi_free(job.worker[w].sums);
    }
    nrdi_free(job.worker);
    return status;
}
