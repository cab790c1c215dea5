/* Quantiles of many groups: the rows are put group by group, each group is sorted by one
 * thread, in memory that it has for all of its groups. */

#include "order_groups_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Groups of more values are worth memory of their own. */
#define FEW 4096

/* Fewer rows than this are not worth a thread. */
#define ROWS_PER_THREAD 32768

/* Groups that a thread takes at a time. */
#define GROUPS_AT_ONCE 64

static size_t
start_of(const nrdi_grouping *in, size_t group)
{
    return group > 0 ? in->ends[group - 1] : 0;
}

/* Sort n values from `start` on into the first half of the entries. */
static void
sort_values(const nrdi_grouping *in, size_t start, size_t n, nrdi_entry *entries)
{
    for (size_t i = 0; i < n; i++) {
        entries[i].key = nrdi_order_key(in->values[start + i]);
        entries[i].item = in->items != NULL ? in->items[start + i] : 0;
    }
    nrdi_order_entries_until(entries, entries + n, n, in->stop);
}

/* Groups of one size have the same positions. */
static const nrdi_position *
positions_of(const nrdi_grouping *in, nrdi_group_worker *own, size_t n)
{
    const nrd_quantile_options *options = in->options;
    const size_t place = n <= NRDI_SIZES_KEPT ? n : 0;
    nrdi_position *positions = own->positions + place * options->count;

    for (size_t i = 0; i < options->count && own->located[place] != n; i++) {
        positions[i] = nrdi_quantile_locate(options->p[i], n, options->type);
    }
    own->located[place] = n;
    return positions;
}

static void
quantiles_of_few(
    const nrdi_grouping *in, nrdi_group_worker *own, size_t start, size_t n, double *out)
{
    const nrdi_position *positions = positions_of(in, own, n);

    sort_values(in, start, n, own->entries);
    for (size_t i = 0; i < in->options->count; i++) {
        const nrdi_position at = positions[i];

        out[i] = nrdi_quantile_between(nrdi_order_value(own->entries[at.low].key),
            nrdi_order_value(own->entries[at.high].key), at.below, at.above);
    }
}

static nrd_status
quantiles_of_weights(
    const nrdi_grouping *in, nrdi_group_worker *own, size_t start, size_t n, double *out)
{
    nrdi_entry *entries = n > FEW ? nrdi_malloc(n, 2 * sizeof *entries) : own->entries;
    int sorted;

    if (entries == NULL) {
        return nrdi_fail(
            &own->err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to sort %zu values", n);
    }
    sort_values(in, start, n, entries);
    sorted = !nrdi_is_stopped(in->stop);
    if (sorted && in->rows->frequencies != 0) {
        nrdi_quantile_repeated(entries, n, in->options, out);
    } else if (sorted) {
        nrdi_quantile_weighted(entries, n, in->options, in->by_p, out);
    }
    if (entries != own->entries) {
        nrdi_free(entries);
    }
    return NRD_OK;
}

static nrd_status
quantiles_of_group(const nrdi_grouping *in, nrdi_group_worker *own, size_t group)
{
    const size_t start = start_of(in, group), n = in->ends[group] - start;
    double *out = in->out + group * in->options->count;

    if (n == 0 || (in->items != NULL && in->weights[group] == 0)) {
        for (size_t i = 0; i < in->options->count; i++) {
            out[i] = (double) NAN;
        }
        return NRD_OK;
    }
    if (in->items != NULL) {
        return quantiles_of_weights(in, own, start, n, out);
    }
    if (n > FEW) {
        return nrdi_quantile_select(
            in->values + start, n, in->options, in->stop, out, &own->err);
    }
    quantiles_of_few(in, own, start, n, out);
    return NRD_OK;
}

static void
work(void *shared, int w)
{
    nrdi_grouping *in = shared;
    nrdi_group_worker *own = &in->worker[w];
    const size_t groups = in->rows->groups;
    size_t first;

    while (own->status == NRD_OK) {
        first = __atomic_fetch_add(&in->next, GROUPS_AT_ONCE, __ATOMIC_RELAXED);
        if (first >= groups) {
            return;
        }
        for (size_t g = first; g < groups && g - first < GROUPS_AT_ONCE; g++) {
            own->status = quantiles_of_group(in, own, g);
            if (own->status == NRD_OK && nrdi_is_stopped(in->stop)) {
                own->status = nrdi_fail(
                    &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
            }
            if (own->status != NRD_OK) {
                return;
            }
        }
    }
}

static nrd_status
no_memory(const nrdi_grouping *in, nrd_error *err)
{
    return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW,
        "no memory for %zu quantiles of %zu groups", in->options->count, in->rows->groups);
}

/* Memory of the threads, as large as the largest group that they sort in it. */
static nrd_status
prepare_workers(nrdi_grouping *in, int threads, nrd_error *err)
{
    const size_t groups = in->rows->groups, n = in->ends[groups - 1];
    size_t most = n / ROWS_PER_THREAD + 1;

    most =
        most < (groups - 1) / GROUPS_AT_ONCE + 1 ? most : (groups - 1) / GROUPS_AT_ONCE + 1;
    in->workers = nrd_thread_count(threads);
    in->workers = (size_t) in->workers > most ? (int) most : in->workers;
    for (size_t g = 0; g < groups; g++) {
        const size_t size = in->ends[g] - start_of(in, g);

        in->scratch = size <= FEW && size > in->scratch ? size : in->scratch;
    }
    in->worker = nrdi_malloc((size_t) in->workers, sizeof *in->worker);
    for (int w = 0; in->worker != NULL && w < in->workers; w++) {
        nrdi_group_worker *own = &in->worker[w];

        own->entries = nrdi_malloc(in->scratch, 2 * sizeof *own->entries);
        own->positions =
            nrdi_malloc(in->options->count, (NRDI_SIZES_KEPT + 1) * sizeof *own->positions);
        if (own->entries == NULL || own->positions == NULL) {
            return no_memory(in, err);
        }
    }
    return in->worker != NULL ? NRD_OK : no_memory(in, err);
}

static nrd_status
move_rows(nrdi_grouping *in, nrd_error *err)
{
    const size_t n = in->rows->values->length;

    in->moved = nrdi_malloc(n, sizeof *in->moved);
    in->items = in->rows->weight != NULL ? nrdi_malloc(n, sizeof *in->items) : NULL;
    if (in->moved == NULL || (in->rows->weight != NULL && in->items == NULL)) {
        return no_memory(in, err);
    }
    return nrdi_groups_place(in, err);
}

static nrd_status
run(nrdi_grouping *in, int threads, nrd_error *err)
{
    const size_t groups = in->rows->groups;

    in->ends = nrdi_malloc(groups, sizeof *in->ends);
    in->weights = nrdi_malloc(groups, sizeof *in->weights);
    in->out = nrdi_malloc(groups * in->options->count, sizeof *in->out);
    if (in->ends == NULL || in->weights == NULL || in->out == NULL) {
        return no_memory(in, err);
    }
    NRDI_TRY(nrdi_groups_count(in, err));
    if (!nrdi_groups_lie_right(in)) {
        NRDI_TRY(move_rows(in, err));
    }
    NRDI_TRY(nrdi_order_sorted(in->options->p, NULL, in->options->count, &in->by_p, err));
    NRDI_TRY(prepare_workers(in, threads, err));
    nrdi_parallel_run(in->workers, work, in);
    for (int w = 0; w < in->workers; w++) {
        if (in->worker[w].status != NRD_OK) {
            if (err != NULL) {
                *err = in->worker[w].err;
            }
            return in->worker[w].status;
        }
    }
    return NRD_OK;
}

static void
release(nrdi_grouping *in)
{
    for (int w = 0; in->worker != NULL && w < in->workers; w++) {
        nrdi_free(in->worker[w].entries);
        nrdi_free(in->worker[w].positions);
    }
    nrdi_free(in->worker);
    nrdi_free(in->ends);
    nrdi_free(in->weights);
    nrdi_free(in->moved);
    nrdi_free(in->items);
    nrdi_free(in->by_p);
    nrdi_free(in->out);
}

static nrd_status
check_rows(const nrd_group_rows *rows, nrd_error *err)
{
    const size_t n = rows->values != NULL ? rows->values->length : 0;

    NRDI_TRY(nrd_column_check(rows->values, NRD_TYPE_FLOAT64, n, "the column", err));
    NRDI_TRY(nrdi_order_check_size(n, err));
    if (rows->weight != NULL) {
        NRDI_TRY(nrd_column_check(rows->weight, NRD_TYPE_FLOAT64, n, "the weight", err));
    }
    if (rows->group != NULL) {
        const nrd_type type =
            rows->group->type == NRD_TYPE_INT32 ? NRD_TYPE_INT32 : NRD_TYPE_INT64;

        NRDI_TRY(nrd_column_check(rows->group, type, n, "the group", err));
    }
    return NRD_OK;
}

nrd_status
nrd_order_quantile_groups(const nrd_group_rows *rows, const nrd_quantile_options *options,
    int threads, const int *stop, double *out, uint64_t *rows_out, nrd_error *err)
{
    nrdi_grouping in = {.rows = rows, .options = options, .stop = stop};
    nrd_status status;

    /* A group may have no values. */
    NRDI_TRY(nrdi_quantile_check(rows, rows_out, 1, options, out, err));
    NRDI_TRY(check_rows(rows, err));
    if (rows->groups == 0) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "there are no groups, expected at least 1");
    }
    if (rows->weight != NULL && rows->frequencies == 0) {
        NRDI_TRY(nrdi_quantile_check_weighted(options, err));
    }
    if (options->count > 0 && rows->groups > NRDI_ORDER_LIMIT / options->count) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu groups and %zu probabilities, expected fewer", rows->groups,
            options->count);
    }
    status = run(&in, threads, err);
    for (size_t g = 0; g < rows->groups && status == NRD_OK; g++) {
        rows_out[g] = in.ends[g] - start_of(&in, g);
    }
    if (status == NRD_OK && options->count > 0) {
        memcpy(out, in.out, rows->groups * options->count * sizeof *out);
    }
    release(&in);
    return status;
}
