/* What a call about a crosswalk is given: checked, and made ready to be added up. */

#include "crosswalk_private.h"

#include <math.h>
#include <stdio.h>

#include "column_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer values than this are not worth a thread. */
#define VALUES_PER_THREAD 65536

/* Factors up to this times 10^9 are doubles, all of them. */
#define MOST_FACTOR 1e6

static nrd_status
check_part(const nrd_crosswalk *links, size_t part, nrd_error *err)
{
    const double share = links->share[part];

    if (links->source[part] >= links->sources) {
        return nrdi_fail(err, NRD_E_UNKNOWN, part, "the source is %zu, expected below %zu",
            links->source[part], links->sources);
    }
    if (!isnan(share) && !(share > 0.0 && share <= 1.0)) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, part, "the share is %.17g, expected it in (0, 1]", share);
    }
    return NRD_OK;
}

static nrd_status
check_links(nrdi_harmonising *in, nrd_error *err)
{
    const nrd_crosswalk *links = in->links;

    for (size_t t = 0; t <= links->targets; t++) {
        const size_t before = t > 0 ? links->start[t - 1] : 0;

        if (links->start[t] < before || (t == 0 && links->start[t] != 0)) {
            return nrdi_fail(err, NRD_E_SIZE, t,
                "the start is %zu, expected places that ascend from 0", links->start[t]);
        }
        in->most =
            links->start[t] - before > in->most ? links->start[t] - before : in->most;
    }
    for (size_t t = 0; t < links->targets; t++) {
        for (size_t i = links->start[t]; i < links->start[t + 1]; i++) {
            NRDI_TRY(check_part(links, i, err));
            in->reached[links->source[i]] = 1;
            in->cut[t] |= links->share[i] < 1.0;
            in->unknown |= isnan(links->share[i]) != 0;
            in->tiny |= links->share[i] < NRDI_LEAST_SHARE;
        }
    }
    return NRD_OK;
}

static nrd_status
check_sizes(const nrdi_harmonising *in, nrd_error *err)
{
    const nrd_panel *panel = in->panel;
    const size_t cells = SIZE_MAX / (3 * sizeof(double));
    const size_t units =
        in->links->targets > in->links->sources ? in->links->targets : in->links->sources;

    if (panel->count == 0 || panel->periods == 0) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu columns and %zu periods, expected at least 1 of each",
            panel->count, panel->periods);
    }
    if (units >= cells / panel->periods ||
        (in->n > 0 && (units + 1) * panel->periods > cells / in->n)) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW,
            "there are %zu units, %zu periods and %zu rules, expected fewer", units,
            panel->periods, in->n);
    }
    return NRD_OK;
}

static nrd_status
check_rows(nrdi_harmonising *in, nrd_error *err)
{
    const nrd_panel *panel = in->panel;

    for (size_t unit = 0; unit < in->links->sources; unit++) {
        const int32_t *row = panel->row + unit * panel->periods;
        int in_order = row[0] >= 0 && (size_t) row[0] + in->padded <= panel->rows;

        for (size_t p = 0; p < panel->periods; p++) {
            if (row[p] < -1 || (row[p] >= 0 && (size_t) row[p] >= panel->rows)) {
                return nrdi_fail(err, NRD_E_UNKNOWN, unit * panel->periods + p,
                    "the row is %d, expected -1 to %zu", (int) row[p], panel->rows);
            }
            in_order &= row[p] - row[0] == (int32_t) p;
        }
        in->run[unit] = in_order ? row[0] : -1;
    }
    return NRD_OK;
}

/* Columns that threads look at, one after another. */
typedef struct {
    const nrd_panel *panel;
    nrdi_harmonise_column *columns;
    size_t next;
} looking;

static void
look_at_columns(void *shared, int worker)
{
    looking *in = shared;
    size_t c;

    (void) worker;
    while ((c = nrdi_next(&in->next)) < in->panel->count) {
        nrdi_harmonise_column *out = &in->columns[c];
        const nrd_column given = {.type = NRD_TYPE_FLOAT64,
            .length = in->panel->rows,
            .values = in->panel->columns[c]};

        out->values = in->panel->columns[c];
        out->look = nrdi_column_look(&given);
        out->unit = 1.0;
        out->largest = (double) INFINITY;
        if (out->look.decimals >= 0) {
            out->unit = (double) nrdi_power_of_ten(out->look.decimals);
            out->largest = fmax(0.0, fmax(-out->look.least, out->look.greatest));
            out->largest = nrdi_near_whole(out->largest * out->unit);
        }
    }
}

static int
is_factor(double x)
{
    return x >= 1.0 && x <= MOST_FACTOR && x == floor(x);
}

static nrd_status
check_rule(
    const nrdi_harmonising *in, const nrd_harmonise_rule *rule, size_t row, nrd_error *err)
{
    const size_t count = in->panel->count;
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
    if (factor && !(is_factor(rule->above) && is_factor(rule->below) &&
                      (rule->kind == NRD_HARMONISE_RATE || rule->above <= rule->below))) {
        return nrdi_fail(err, NRD_E_DOMAIN, row,
            "the factor is %g / %g, expected whole numbers from 1 to 10^6, of a share at "
            "most 1",
            rule->above, rule->below);
    }
    if (nrdi_harmonise_high(in, row) == NULL &&
        (in->unknown || nrdi_harmonise_is_state(rule->kind))) {
        return nrdi_fail(err, NRD_E_NULL, row, "there is no place for greatest values");
    }
    return NRD_OK;
}

/* What the values of a column must be for one rule. */
typedef enum { ANY_NUMBER, NOT_NEGATIVE, STATE } demand;

static int
meets(demand wanted, double x)
{
    return isnan(x) ||
           (wanted == STATE ? x == 0.0 || x == 1.0
                            : isfinite(x) && (wanted == ANY_NUMBER || x >= 0.0));
}

static nrd_status
refuse(const nrd_panel *panel, size_t column, size_t row, const char *found,
    const char *wanted, nrd_error *err)
{
    if (panel->names != NULL) {
        return nrdi_fail(err, NRD_E_DOMAIN, row, "%.*s is %s, expected %s",
            nrdi_cut(panel->names[column], 60), panel->names[column], found, wanted);
    }
    return nrdi_fail(
        err, NRD_E_DOMAIN, row, "column %zu is %s, expected %s", column, found, wanted);
}

static nrd_status
check_values(const nrdi_harmonising *in, size_t column, demand wanted, nrd_error *err)
{
    static const char *const names[] = {
        "a finite number", "a finite number, 0 or more", "0, 1, or missing"};
    const nrdi_look *look = &in->columns[column].look;
    const double *values = in->panel->columns[column];
    const int nothing = look->least > look->greatest;
    size_t row = 0;
    char found[32];

    if (nothing || (meets(wanted, look->least) && meets(wanted, look->greatest) &&
                       (wanted != STATE || look->decimals == 0))) {
        return NRD_OK;
    }
    while (meets(wanted, values[row])) {
        row++;
    }
    (void) snprintf(found, sizeof found, "%.17g", values[row]);
    return refuse(in->panel, column, row, found, names[wanted], err);
}

/* Nothing of a denominator of 0 can be counted. */
static nrd_status
check_rate(const nrdi_harmonising *in, const nrd_harmonise_rule *rule, nrd_error *err)
{
    const double *above = in->panel->columns[rule->column];
    const double *below = in->panel->columns[rule->other];
    char found[32];

    for (size_t row = 0; row < in->panel->rows; row++) {
        if (above[row] > 0.0 && below[row] == 0.0) {
            (void) snprintf(found, sizeof found, "%.17g of 0", above[row]);
            return refuse(in->panel, rule->column, row, found, "0", err);
        }
    }
    return NRD_OK;
}

/* Quotients come out in the units of the caller, so that they are rounded once. */
static nrdi_harmonise_rule
prepare(const nrdi_harmonising *in, const nrd_harmonise_rule *rule)
{
    const nrdi_harmonise_column *own = &in->columns[rule->column];
    const nrdi_harmonise_column *other =
        &in->columns[nrdi_harmonise_has_other(rule->kind) ? rule->other : rule->column];
    nrdi_harmonise_rule out = {.is = *rule};
    double largest = own->largest;

    if (rule->kind == NRD_HARMONISE_RATE) {
        const double common = fmin(own->unit, other->unit);

        out.is.above *= other->unit / common;
        out.is.below *= own->unit / common;
        largest = fmax(largest * out.is.above, other->largest * out.is.below);
    } else if (rule->kind == NRD_HARMONISE_MEAN) {
        out.is.above = 1.0;
        out.is.below = own->unit;
        largest = other->largest * fmax(largest, own->unit);
    } else if (rule->kind == NRD_HARMONISE_SHARE) {
        largest = other->largest * rule->below;
    }
    out.whole = !in->tiny && largest * (double) in->most < NRDI_WHOLE;
    return out;
}

static nrd_status
take_rules(const nrdi_harmonising *in, const nrd_harmonise_rule *rules, nrd_error *err)
{
    for (size_t r = 0; r < in->n; r++) {
        const nrd_harmonise_rule *rule = &rules[r];
        const int rate = rule->kind == NRD_HARMONISE_RATE;

        NRDI_TRY(check_rule(in, rule, r, err));
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
        in->rules[r] = prepare(in, rule);
    }
    return NRD_OK;
}

nrd_status
nrdi_harmonise_begin(
    nrdi_harmonising *in, const nrd_harmonise_rule *rules, int threads, nrd_error *err)
{
    const nrd_panel *panel = in->panel;
    looking columns = {.panel = panel};
    size_t worth;
    int workers = nrd_thread_count(threads);

    NRDI_TRY(check_sizes(in, err));
    in->padded = (panel->periods + NRDI_LANES - 1) / NRDI_LANES * NRDI_LANES;
    in->rules = nrdi_malloc(in->n, sizeof *in->rules);
    in->columns = nrdi_malloc(panel->count, sizeof *in->columns);
    in->run = nrdi_malloc(in->links->sources, sizeof *in->run);
    in->reached = nrdi_malloc(in->links->sources, sizeof *in->reached);
    in->cut = nrdi_malloc(in->links->targets, sizeof *in->cut);
    if (in->rules == NULL || in->columns == NULL || in->run == NULL ||
        in->reached == NULL || in->cut == NULL) {
        return nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu units", in->links->sources);
    }
    NRDI_TRY(check_links(in, err));
    NRDI_TRY(check_rows(in, err));
    worth = panel->count * panel->rows / VALUES_PER_THREAD + 1;
    workers = (size_t) workers > worth ? (int) worth : workers;
    columns.columns = in->columns;
    nrdi_parallel_run(workers, look_at_columns, &columns);
    return take_rules(in, rules, err);
}
