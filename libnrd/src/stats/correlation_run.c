/* Threads that go through the pairs of a call. */

#include "correlation_private.h"

#include <math.h>

#include "parallel_private.h"
#include "status_private.h"

/* What a thread holds: the columns of a pair without the rows that miss one of them. */
typedef struct {
    nrdi_ordered *column; /* x, y and the covariates */
    const nrdi_ordered **pointer;
    double *memory;
    double *weight;
    int64_t *unit;
} room;

static void
room_free(room *own)
{
    nrdi_free(own->column);
    nrdi_free(own->pointer);
    nrdi_free(own->memory);
    nrdi_free(own->weight);
    nrdi_free(own->unit);
}

static nrd_status
room_make(const nrdi_correlation_plan *all, room *out)
{
    const size_t width = 2 + all->covariates;
    room own = {0};

    own.column = nrdi_malloc(width, sizeof *own.column);
    own.pointer = nrdi_malloc(width, sizeof *own.pointer);
    own.memory = nrdi_malloc(all->most + 1, width * sizeof *own.memory);
    own.weight = nrdi_malloc(all->most + 1, sizeof *own.weight);
    own.unit = nrdi_malloc(all->most + 1, sizeof *own.unit);
    if (own.column == NULL || own.pointer == NULL || own.memory == NULL ||
        own.weight == NULL || own.unit == NULL) {
        room_free(&own);
        return NRD_E_MEMORY;
    }
    *out = own;
    return NRD_OK;
}

/* Column k of a pair among those of the call. */
static size_t
column_of(const nrdi_correlation_plan *all, nrd_pair pair, size_t k)
{
    return k == 0 ? pair.x : k == 1 ? pair.y : all->covariate[k - 2];
}

static nrdi_pair
new_pair(const nrdi_correlation_plan *all, const room *own)
{
    return (nrdi_pair){.options = all->options,
        .n = all->n,
        .column = own->pointer,
        .covariates = all->covariates,
        .weight = all->weight,
        .unit = all->unit,
        .units = all->units};
}

/* Kish's effective number of rows. */
static double
effective_rows(const double *weight, size_t n)
{
    nrd_exact sum, squares;
    double all;

    nrd_exact_init(&sum);
    nrd_exact_init(&squares);
    if (nrd_exact_add_array(&sum, weight, n, 1, NULL) != NRD_OK ||
        nrd_exact_add_products(&squares, weight, weight, n, NULL) != NRD_OK) {
        return (double) NAN;
    }
    all = nrd_exact_round(&sum);
    return n == 0 ? 0.0 : fmin((double) n, all * (all / nrd_exact_round(&squares)));
}

static nrd_status
correlate(const nrdi_correlation_plan *all, const nrdi_pair *pair, nrd_correlation *out)
{
    *out = (nrd_correlation){.covariate = -1,
        .n = pair->n,
        .dropped = all->rows - pair->n,
        .estimate = (double) NAN,
        .effective_n = (double) pair->n,
        .df = (double) NAN,
        .null_se = (double) NAN,
        .centred = (double) NAN};
    if (pair->weight != NULL) {
        out->effective_n = effective_rows(pair->weight, pair->n);
    }
    return nrdi_correlation_of(pair, out);
}

/* How often a task has a row: once, but not the one row or unit that is left out, or as
 * often as the caller says. */
static uint32_t
times_of(const nrdi_correlation_plan *all, size_t task, size_t i)
{
    if (all->out != NULL) {
        return 1;
    }
    if (all->times != NULL) {
        return all->times[task * all->rows + all->row[i]];
    }
    return task != (all->unit != NULL ? (size_t) all->unit[i] : all->row[i]);
}

/* Rows that miss neither x nor y, as often as the task has them; whether one is left out or
 * repeated. */
static int
gather(const nrdi_correlation_plan *all, room *own, nrd_pair columns, size_t task,
    nrdi_pair *pair)
{
    int changed = 0;

    pair->n = 0;
    for (size_t i = 0; i < all->n; i++) {
        uint32_t times = times_of(all, task, i);

        if (isnan(all->ordered[columns.x].value[i]) ||
            isnan(all->ordered[columns.y].value[i])) {
            continue;
        }
        changed |= times != 1;
        for (; times > 0; times--) {
            for (size_t k = 0; k < 2 + all->covariates; k++) {
                own->memory[k * all->most + pair->n] =
                    all->ordered[column_of(all, columns, k)].value[i];
            }
            own->weight[pair->n] = all->weight != NULL ? all->weight[i] : 1.0;
            own->unit[pair->n] = all->unit != NULL ? all->unit[i] : 0;
            pair->n++;
        }
    }
    pair->weight = all->weight != NULL ? own->weight : NULL;
    pair->unit = all->unit != NULL ? own->unit : NULL;
    return changed;
}

static nrd_status
correlate_some(const nrdi_correlation_plan *all, room *own, nrd_pair columns, size_t task,
    nrd_correlation *out)
{
    const size_t width = 2 + all->covariates;
    nrdi_pair pair = new_pair(all, own);
    nrd_status status = NRD_OK;

    if (!gather(all, own, columns, task, &pair) && all->out == NULL &&
        all->times == NULL) { /* nothing was left out */
        out->estimate = (double) NAN;
        return NRD_OK;
    }
    for (size_t k = 0; k < width; k++) {
        own->column[k] = (nrdi_ordered){.value = own->memory + k * all->most};
        own->pointer[k] = &own->column[k];
        if (status == NRD_OK && nrdi_correlation_is_ordered(all->options)) {
            status = nrdi_ordered_make(&own->column[k], pair.n);
        }
    }
    if (status == NRD_OK) {
        status = correlate(all, &pair, out);
    }
    for (size_t k = 0; k < width; k++) {
        nrdi_ordered_free(&own->column[k]);
    }
    return status;
}

/* Both columns miss nothing: they are as they are. */
static nrd_status
correlate_all(
    const nrdi_correlation_plan *all, room *own, nrd_pair columns, nrd_correlation *out)
{
    nrdi_pair pair = new_pair(all, own);

    for (size_t k = 0; k < 2 + all->covariates; k++) {
        own->pointer[k] = &all->ordered[column_of(all, columns, k)];
    }
    if (all->moments != NULL) {
        pair.known =
            &all->moments[all->place[columns.x] * all->together + all->place[columns.y]];
    }
    return correlate(all, &pair, out);
}

static nrd_status
do_task(const nrdi_correlation_plan *all, room *own, size_t task)
{
    const nrd_pair pair = all->pairs[all->out != NULL ? task : 0];
    nrd_correlation without;

    if (all->out == NULL) {
        NRDI_TRY(correlate_some(all, own, pair, task, &without));
        all->left[task] = without.estimate;
        return NRD_OK;
    }
    if (all->complete[pair.x] && all->complete[pair.y]) {
        return correlate_all(all, own, pair, &all->out[task]);
    }
    return correlate_some(all, own, pair, task, &all->out[task]);
}

void
nrdi_correlation_fail(nrdi_correlation_plan *all, nrd_status status)
{
    nrd_status none = NRD_OK;

    (void) __atomic_compare_exchange_n(
        &all->status, &none, status, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

size_t
nrdi_correlation_task(nrdi_correlation_plan *all, size_t end)
{
    if (nrdi_is_stopped(all->stop)) {
        nrdi_correlation_fail(all, NRD_E_CANCELLED);
    }
    if (__atomic_load_n(&all->status, __ATOMIC_RELAXED) != NRD_OK) {
        return end;
    }
    return __atomic_fetch_add(&all->next, 1, __ATOMIC_RELAXED);
}

static void
do_tasks(void *shared, int worker)
{
    nrdi_correlation_plan *all = shared;
    room own = {0};
    nrd_status status = room_make(all, &own);
    size_t task;

    (void) worker;
    while (
        status == NRD_OK && (task = nrdi_correlation_task(all, all->tasks)) < all->tasks) {
        status = do_task(all, &own, task);
    }
    if (status != NRD_OK) {
        nrdi_correlation_fail(all, status);
    }
    room_free(&own);
}

static void
order_columns(void *shared, int worker)
{
    nrdi_correlation_plan *all = shared;
    nrd_status status = NRD_OK;
    size_t c;

    (void) worker;
    while (status == NRD_OK &&
           (c = nrdi_correlation_task(all, all->n_columns)) < all->n_columns) {
        if (all->complete[c]) {
            status = nrdi_ordered_make(&all->ordered[c], all->n);
        }
    }
    if (status != NRD_OK) {
        nrdi_correlation_fail(all, status);
    }
}

/* Pearson correlations of all columns that miss nothing, from one state. */
static nrd_status
correlate_together(nrdi_correlation_plan *all, int threads)
{
    nrd_column *columns = nrdi_malloc(all->n_columns + 1, sizeof *columns);
    const nrd_column weight = {
        .type = NRD_TYPE_FLOAT64, .length = all->n, .values = all->weight};
    nrd_moments *state = NULL;
    uint8_t *defined = NULL;
    nrd_status status = NRD_E_MEMORY;

    all->place = nrdi_malloc(all->n_columns + 1, sizeof *all->place);
    for (size_t c = 0; columns != NULL && all->place != NULL && c < all->n_columns; c++) {
        all->place[c] = (uint32_t) all->together;
        columns[all->together] = (nrd_column){
            .type = NRD_TYPE_FLOAT64, .length = all->n, .values = all->ordered[c].value};
        all->together += all->complete[c];
    }
    all->moments = nrdi_malloc(all->together + 1, (all->together + 1) * sizeof(double));
    defined = nrdi_malloc(all->together + 1, all->together + 1);
    if (all->moments != NULL && defined != NULL && all->together > 0) {
        status = nrd_moments_new(all->together, 1,
            all->weight != NULL ? NRD_WEIGHTS_PROBABILITY : NRD_WEIGHTS_NONE,
            NRD_MOMENTS_COVARIANCES, NULL, &state, NULL);
    }
    if (status == NRD_OK) {
        status = nrd_moments_update(state, columns, all->together, NULL, 0,
            all->weight != NULL ? &weight : NULL, threads, all->stop, NULL);
    }
    if (status == NRD_OK) {
        status = nrd_moments_correlation(state, all->moments, defined, NULL);
    }
    nrd_moments_free(state);
    nrdi_free(columns);
    nrdi_free(defined);
    return status;
}

nrd_status
nrdi_correlation_run(nrdi_correlation_plan *all, int threads)
{
    const int workers = nrd_thread_count(threads);
    const int plain = all->options->method == NRD_CORRELATION_PEARSON &&
                      all->options->relation == NRD_RELATION_ROWS && all->covariates == 0 &&
                      all->out != NULL;
    size_t complete = 0;

    for (size_t c = 0; c < all->n_columns; c++) {
        complete += all->complete[c];
    }
    if (nrdi_correlation_is_ordered(all->options) && all->out != NULL) {
        nrdi_parallel_run(workers, order_columns, all);
        NRDI_TRY(all->status);
        all->next = 0;
    }
    if (plain && complete > 0) {
        NRDI_TRY(correlate_together(all, threads));
    }
    nrdi_parallel_run(
        all->tasks < (size_t) workers ? (int) all->tasks + (all->tasks == 0) : workers,
        do_tasks, all);
    return all->status;
}
