/* Values of units after a reform from those before: each target by itself, in threads. */

#include "crosswalk_private.h"

#include <math.h>
#include <string.h>

#include "arithmetic_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Targets of a rule that a thread takes at a time. */
#define TARGETS_AT_ONCE 256

/* Fewer parts than this, over all periods and rules, are not worth a thread. */
#define PARTS_PER_THREAD 65536

/* Rules with blocks of targets, that threads take one after another. */
typedef struct {
    nrdi_harmonising *in;
    nrdi_harmonise_scratch *scratch; /* one for each worker */
    size_t *left;                    /* blocks of each rule that are not done */
    size_t blocks;
    size_t next;
} job;

static double
value_of(const nrdi_harmonise_column *column, int32_t row)
{
    if (row < 0) {
        return (double) NAN;
    }
    return column->unit == 1.0 ? column->values[row]
                               : nrdi_near_whole(column->values[row] * column->unit);
}

const double *
nrdi_harmonise_row(const nrdi_harmonising *in, const nrdi_harmonise_column *column,
    size_t source, double *held)
{
    const int32_t *row = in->panel->row + source * in->panel->periods;

    if (in->run[source] >= 0) {
        const double *values = column->values + row[0];

        if (column->unit == 1.0) {
            return values;
        }
        memset(held, 0, in->padded * sizeof *held);
        in->kernels->add_units(held, &values, 1, in->padded, column->unit);
        return held;
    }
    for (size_t p = 0; p < in->panel->periods; p++) {
        held[p] = value_of(column, row[p]);
    }
    return held;
}

void
nrdi_harmonise_add(const nrdi_harmonising *in, const nrdi_harmonise_column *column,
    size_t source, double *held, nrdi_adding *to)
{
    if (in->run[source] >= 0) {
        nrdi_adding_put(to, column->values + in->run[source]);
    } else {
        const double *values = nrdi_harmonise_row(in, column, source, held);

        to->add(to->sum, &values, 1, in->padded, 1.0);
    }
}

/* Cell by cell. */
static void
apply_slowly(const nrdi_harmonising *in, const nrdi_harmonise_rule *rule, size_t target,
    nrdi_part *parts, double *low, double *high)
{
    const nrd_crosswalk *links = in->links;
    const size_t first = links->start[target], n = links->start[target + 1] - first;
    const nrdi_harmonise_column *column = &in->columns[rule->is.column];
    const nrdi_harmonise_column *other =
        nrdi_harmonise_has_other(rule->is.kind) ? &in->columns[rule->is.other] : NULL;

    for (size_t p = 0; p < in->panel->periods; p++) {
        double most;

        for (size_t i = 0; i < n; i++) {
            const int32_t row =
                in->panel->row[links->source[first + i] * in->panel->periods + p];

            parts[i].share = links->share[first + i];
            parts[i].value = value_of(column, row);
            parts[i].other = other != NULL ? value_of(other, row) : 0.0;
        }
        nrdi_harmonise_unit(rule, parts, n, &low[p], high != NULL ? &high[p] : &most);
    }
}

static void
apply(
    const nrdi_harmonising *in, size_t rule, size_t target, nrdi_harmonise_scratch *scratch)
{
    const nrdi_harmonise_rule *r = &in->rules[rule];
    const size_t out = target * in->panel->periods;
    double *low = in->low + rule * in->links->targets * in->panel->periods + out;
    double *high = nrdi_harmonise_high(in, rule);

    high = high != NULL ? high + out : NULL;
    if (in->links->start[target + 1] == in->links->start[target]) {
        for (size_t p = 0; p < in->panel->periods; p++) {
            low[p] = (double) NAN;
            if (high != NULL) {
                high[p] = (double) NAN;
            }
        }
    } else if (!nrdi_harmonise_periods(in, r, target, scratch, low, high)) {
        apply_slowly(in, r, target, scratch->parts, low, high);
    }
}

/* Who does the last block of a rule finishes it, while its values are near. */
static void
work(void *shared, int worker)
{
    job *own = shared;
    const nrdi_harmonising *in = own->in;
    nrdi_harmonise_scratch *scratch = &own->scratch[worker];
    fenv_t kept;
    size_t item;

    nrdi_arithmetic_begin(&kept);
    while ((item = nrdi_next(&own->next)) < in->n * own->blocks &&
           !nrdi_is_stopped(in->stop)) {
        const size_t rule = item / own->blocks;
        const size_t first = item % own->blocks * TARGETS_AT_ONCE;

        for (size_t t = first; t < in->links->targets && t - first < TARGETS_AT_ONCE; t++) {
            apply(in, rule, t, scratch);
        }
        if (__atomic_sub_fetch(&own->left[rule], 1, __ATOMIC_ACQ_REL) == 0) {
            nrdi_harmonise_finish(in, rule, scratch);
        }
    }
    nrdi_arithmetic_end(&kept);
}

/* What each worker works with; 0 without memory. */
static int
make_scratch(const nrdi_harmonising *in, int workers, nrdi_harmonise_scratch *scratch)
{
    const size_t padded = in->padded;

    for (int w = 0; w < workers; w++) {
        nrdi_harmonise_scratch *s = &scratch[w];

        s->parts = nrdi_malloc(in->most, sizeof *s->parts);
        s->value = nrdi_malloc(padded, 4 * sizeof *s->value);
        s->fraction = nrdi_malloc(padded, 2 * sizeof *s->fraction);
        s->exact = nrdi_malloc(padded, sizeof *s->exact);
        if (s->parts == NULL || s->value == NULL || s->fraction == NULL ||
            s->exact == NULL) {
            return 0;
        }
        s->other = s->value + padded;
        s->sum[0] = s->value + 2 * padded;
        s->sum[1] = s->value + 3 * padded;
    }
    return 1;
}

static void
free_scratch(nrdi_harmonise_scratch *scratch, int workers)
{
    for (int w = 0; scratch != NULL && w < workers; w++) {
        nrdi_free(scratch[w].parts);
        nrdi_free(scratch[w].value);
        nrdi_free(scratch[w].fraction);
        nrdi_free(scratch[w].exact);
    }
    nrdi_free(scratch);
}

static nrd_status
run(nrdi_harmonising *in, int threads, nrd_error *err)
{
    const size_t parts = in->links->start[in->links->targets] * in->panel->periods * in->n;
    const size_t worth = parts / PARTS_PER_THREAD + 1;
    const int most = nrd_thread_count(threads);
    const int workers = (size_t) most > worth ? (int) worth : most;
    job all = {.in = in, .blocks = in->links->targets / TARGETS_AT_ONCE + 1};
    nrd_status status = NRD_OK;

    all.left = nrdi_malloc(in->n, sizeof *all.left);
    all.scratch = nrdi_malloc((size_t) workers, sizeof *all.scratch);
    if (all.left == NULL || all.scratch == NULL ||
        !make_scratch(in, workers, all.scratch)) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu periods", in->panel->periods);
    } else {
        for (size_t rule = 0; rule < in->n; rule++) {
            all.left[rule] = all.blocks;
        }
        nrdi_parallel_run(workers, work, &all);
    }
    if (status == NRD_OK && nrdi_is_stopped(in->stop)) {
        status = nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
    }
    nrdi_free(all.left);
    free_scratch(all.scratch, workers);
    return status;
}

nrd_status
nrd_crosswalk_apply(const nrd_crosswalk *links, const nrd_panel *panel,
    const nrd_harmonise_rule *rules, size_t n, int threads, const int *stop,
    double *low_out, double *const *high_out, double *totals_out, nrd_error *err)
{
    nrdi_harmonising in = {.links = links,
        .panel = panel,
        .n = n,
        .stop = stop,
        .kernels = nrdi_kernels_in_use(),
        .most = 1,
        .low = low_out,
        .high = high_out,
        .totals = totals_out};
    nrd_status status;

    if (links == NULL || panel == NULL || rules == NULL || low_out == NULL ||
        totals_out == NULL || links->start == NULL || links->source == NULL ||
        links->share == NULL || panel->row == NULL || panel->columns == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t c = 0; c < panel->count; c++) {
        if (panel->columns[c] == NULL) {
            return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "column %zu is NULL", c);
        }
    }
    status = nrdi_harmonise_begin(&in, rules, threads, err);
    if (status == NRD_OK) {
        status = run(&in, threads, err);
    }
    nrdi_free(in.rules);
    nrdi_free(in.columns);
    nrdi_free(in.run);
    nrdi_free(in.reached);
    nrdi_free(in.cut);
    return status;
}
