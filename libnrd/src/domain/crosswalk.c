/* Values of units after a reform from those before: each target by itself, in threads. */

#include "crosswalk_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Targets that a thread takes at a time. */
#define TARGETS_AT_ONCE 64

/* Fewer parts than this, over all periods and rules, are not worth a thread. */
#define PARTS_PER_THREAD 65536

typedef struct {
    const nrd_crosswalk *links;
    const double *const *columns;
    const nrd_harmonise_rule *rules;
    size_t periods;
    size_t n;
    const int *stop;
    nrdi_part *parts; /* `most` for each worker */
    size_t most;
    size_t next;
    double *low;
    double *high;
} harmonising;

static void
apply_rule(const harmonising *in, size_t rule, size_t target, nrdi_part *parts)
{
    const nrd_harmonise_rule *r = &in->rules[rule];
    const nrd_crosswalk *links = in->links;
    const size_t first = links->start[target], n = links->start[target + 1] - first;
    const size_t out = (rule * links->targets + target) * in->periods;

    for (size_t p = 0; p < in->periods; p++) {
        for (size_t i = 0; i < n; i++) {
            const size_t at = links->source[first + i] * in->periods + p;

            parts[i].share = links->share[first + i];
            parts[i].value = in->columns[r->column][at];
            parts[i].other =
                nrdi_harmonise_has_other(r->kind) ? in->columns[r->other][at] : 0.0;
        }
        if (n == 0) {
            in->low[out + p] = in->high[out + p] = (double) NAN;
        } else {
            nrdi_harmonise_unit(r, parts, n, &in->low[out + p], &in->high[out + p]);
        }
    }
}

static void
work(void *shared, int worker)
{
    harmonising *in = shared;
    nrdi_part *parts = in->parts + (size_t) worker * in->most;

    for (;;) {
        const size_t first =
            __atomic_fetch_add(&in->next, TARGETS_AT_ONCE, __ATOMIC_RELAXED);

        if (first >= in->links->targets || nrdi_is_stopped(in->stop)) {
            return;
        }
        for (size_t t = first; t < in->links->targets && t - first < TARGETS_AT_ONCE; t++) {
            for (size_t rule = 0; rule < in->n; rule++) {
                apply_rule(in, rule, t, parts);
            }
        }
    }
}

static nrd_status
check_links(const nrd_crosswalk *links, nrd_error *err)
{
    for (size_t t = 0; t <= links->targets; t++) {
        if (links->start[t] < (t > 0 ? links->start[t - 1] : 0) ||
            (t == 0 && links->start[t] != 0)) {
            return nrdi_fail(err, NRD_E_SIZE, t,
                "the start is %zu, expected places that ascend from 0", links->start[t]);
        }
    }
    for (size_t i = 0; i < links->start[links->targets]; i++) {
        const double share = links->share[i];

        if (links->source[i] >= links->sources) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i, "the source is %zu, expected below %zu",
                links->source[i], links->sources);
        }
        if (!isnan(share) && !(share > 0.0 && share <= 1.0)) {
            return nrdi_fail(
                err, NRD_E_DOMAIN, i, "the share is %.17g, expected it in (0, 1]", share);
        }
    }
    return NRD_OK;
}

static int
is_whole(double x)
{
    return x > 0.0 && x <= 0x1p53 && x == floor(x);
}

static nrd_status
check_rule(const nrd_harmonise_rule *rule, size_t row, size_t count, nrd_error *err)
{
    const int other = nrdi_harmonise_has_other(rule->kind);
    const int factor =
        rule->kind == NRD_HARMONISE_RATE || rule->kind == NRD_HARMONISE_SHARE;

    if ((int) rule->kind < NRD_HARMONISE_SUM || rule->kind > NRD_HARMONISE_SHARE) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, row, "the rule is %d, expected 0 to 5", (int) rule->kind);
    }
    if (rule->column >= count || (other && rule->other >= count)) {
        return nrdi_fail(err, NRD_E_UNKNOWN, row, "the column is %zu, expected below %zu",
            rule->column >= count ? rule->column : rule->other, count);
    }
    if (factor && !(is_whole(rule->above) && is_whole(rule->below) &&
                      (rule->kind == NRD_HARMONISE_RATE || rule->above <= rule->below))) {
        return nrdi_fail(err, NRD_E_DOMAIN, row,
            "the factor is %g / %g, expected whole numbers above 0, of a share at most 1",
            rule->above, rule->below);
    }
    return NRD_OK;
}

/* What the values of a column must be for one rule. */
typedef enum { ANY_NUMBER, NOT_NEGATIVE, STATE } demand;

static nrd_status
check_values(const harmonising *in, size_t column, demand wanted, nrd_error *err)
{
    static const char *const names[] = {
        "a finite number", "a finite number, 0 or more", "0, 1, or missing"};
    const double *values = in->columns[column];

    for (size_t i = 0; i < in->links->sources * in->periods; i++) {
        const double x = values[i];
        const int fits = wanted == STATE
                             ? x == 0.0 || x == 1.0
                             : isfinite(x) && (wanted == ANY_NUMBER || x >= 0.0);

        if (!fits && !isnan(x)) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "column %zu of source %zu in period %zu is %.17g, expected %s", column,
                i / in->periods, i % in->periods, x, names[wanted]);
        }
    }
    return NRD_OK;
}

/* Nothing of a denominator of 0 can be counted. */
static nrd_status
check_rate(const harmonising *in, const nrd_harmonise_rule *rule, nrd_error *err)
{
    const double *above = in->columns[rule->column], *below = in->columns[rule->other];

    for (size_t i = 0; i < in->links->sources * in->periods; i++) {
        if (above[i] > 0.0 && below[i] == 0.0) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "column %zu of source %zu in period %zu is %.17g of 0, expected 0",
                rule->column, i / in->periods, i % in->periods, above[i]);
        }
    }
    return NRD_OK;
}

static nrd_status
check_rules(const harmonising *in, size_t count, nrd_error *err)
{
    for (size_t r = 0; r < in->n; r++) {
        const nrd_harmonise_rule *rule = &in->rules[r];
        const int rate = rule->kind == NRD_HARMONISE_RATE;

        NRDI_TRY(check_rule(rule, r, count, err));
        NRDI_TRY(check_values(in, rule->column,
            nrdi_harmonise_is_state(rule->kind) ? STATE
            : rate                              ? NOT_NEGATIVE
                                                : ANY_NUMBER,
            err));
        if (nrdi_harmonise_has_other(rule->kind)) {
            NRDI_TRY(check_values(in, rule->other, NOT_NEGATIVE, err));
        }
        if (rate) {
            NRDI_TRY(check_rate(in, rule, err));
        }
    }
    return NRD_OK;
}

static nrd_status
check_sizes(const harmonising *in, size_t count, nrd_error *err)
{
    const size_t cells = SIZE_MAX / sizeof(double);
    const size_t units =
        in->links->targets > in->links->sources ? in->links->targets : in->links->sources;

    if (count == 0 || in->periods == 0) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu columns and %zu periods, expected at least 1 of each", count,
            in->periods);
    }
    if (units > cells / in->periods || (in->n > 0 && units * in->periods > cells / in->n)) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu units, %zu periods and %zu rules, expected fewer", units,
            in->periods, in->n);
    }
    return NRD_OK;
}

static size_t
most_parts(const nrd_crosswalk *links)
{
    size_t most = 1;

    for (size_t t = 0; t < links->targets; t++) {
        const size_t n = links->start[t + 1] - links->start[t];

        most = n > most ? n : most;
    }
    return most;
}

static nrd_status
run(harmonising *in, int threads, double *low_out, double *high_out, nrd_error *err)
{
    const size_t cells = in->n * in->links->targets * in->periods;
    const size_t parts = in->links->start[in->links->targets] * in->periods * in->n;
    const size_t worth = parts / PARTS_PER_THREAD + 1;
    int workers = nrd_thread_count(threads);

    workers = (size_t) workers > worth ? (int) worth : workers;
    in->most = most_parts(in->links);
    in->parts = nrdi_malloc((size_t) workers * in->most, sizeof *in->parts);
    in->low = nrdi_malloc(cells, 2 * sizeof *in->low);
    if (in->parts == NULL || in->low == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu values", 2 * cells);
    }
    in->high = in->low + cells;
    nrdi_parallel_run(workers, work, in);
    if (nrdi_is_stopped(in->stop)) {
        return nrdi_fail(err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
    }
    memcpy(low_out, in->low, cells * sizeof *low_out);
    memcpy(high_out, in->high, cells * sizeof *high_out);
    return NRD_OK;
}

nrd_status
nrd_crosswalk_apply(const nrd_crosswalk *links, const double *const *columns, size_t count,
    size_t periods, const nrd_harmonise_rule *rules, size_t n, int threads, const int *stop,
    double *low_out, double *high_out, nrd_error *err)
{
    harmonising in = {.links = links,
        .columns = columns,
        .rules = rules,
        .periods = periods,
        .n = n,
        .stop = stop};
    nrd_status status;

    if (links == NULL || columns == NULL || rules == NULL || low_out == NULL ||
        high_out == NULL || links->start == NULL || links->source == NULL ||
        links->share == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    for (size_t c = 0; c < count; c++) {
        if (columns[c] == NULL) {
            return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "column %zu is NULL", c);
        }
    }
    NRDI_TRY(check_sizes(&in, count, err));
    NRDI_TRY(check_links(links, err));
    NRDI_TRY(check_rules(&in, count, err));
    status = run(&in, threads, low_out, high_out, err);
    nrdi_free(in.parts);
    nrdi_free(in.low);
    return status;
}
