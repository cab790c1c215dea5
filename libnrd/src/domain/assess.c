/* From measured values to items, criteria and the whole set, met or not. */

#include "assess_private.h"

#include <math.h>
#include <string.h>

#include "criteria_private.h"

/* The order in which decisions prevail when all must be met: an unmet one whatever the
 * others are, then an unknown one. */
enum { RANK_UNMET, RANK_UNKNOWN, RANK_MET, RANK_NOT_ASKED };
static const int8_t decision_of[] = {
    NRD_DECISION_UNMET, NRD_DECISION_UNKNOWN, NRD_DECISION_MET, NRD_DECISION_NOT_ASKED};

/* In arithmetic, as it is done for every cell: unknown -1, unmet 0, met 1, near 2 and not
 * asked 3 become 1, 0, 2, 0 and 3. */
static int8_t
rank_of(int8_t decision)
{
    const int8_t rank = (int8_t) (decision == NRD_DECISION_NOT_ASKED
                                      ? RANK_NOT_ASKED
                                      : RANK_MET * (decision == NRD_DECISION_MET));

    return (int8_t) (rank + (decision < 0));
}

/* What is asked of one item by day and place, the place -1 first, and where each row finds
 * it. */
typedef struct {
    const nrd_criteria *set;
    const nrd_measurements *in;
    int32_t *cell;
    nrdi_asked *asked;
} assessment;

static void
fill_cells(assessment *work)
{
    const int32_t places = (int32_t) work->set->place_count + 1;

    for (size_t i = 0; i < work->in->rows; i++) {
        work->cell[i] = work->in->when[i] * places + work->in->place[i] + 1;
    }
}

static nrd_status
fill_asked(const assessment *work, size_t item, nrd_error *err)
{
    const nrd_measurements *in = work->in;
    const double tolerance = in->tolerance != NULL ? in->tolerance[item] : 0.0;
    nrdi_asked *out = work->asked;
    nrd_level level;

    for (size_t k = 0; k < in->n_days; k++) {
        for (int32_t p = -1; p < (int32_t) work->set->place_count; p++) {
            NRDI_TRY(nrd_criteria_level_on(work->set, item, p, in->days[k], &level, err));
            *out++ = nrdi_assess_asked(&work->set->items[item].about, &level, tolerance);
        }
    }
    return NRD_OK;
}

static void
decide_item(const assessment *work, const nrd_item *item, const double *values, int8_t *out)
{
    const double sign = item->rule == NRD_RULE_LE ? -1.0 : 1.0;
    const int32_t *cell = work->cell;

    for (size_t i = 0; i < work->in->rows; i++) {
        const nrdi_asked *asked = &work->asked[cell[i]];
        const double v = sign * values[i];

        out[i] = asked->decision[(v >= asked->near) + (v >= asked->bound) +
                                 NRDI_ABSENT * (v != v)];
    }
}

static void
decide_unmeasured(const assessment *work, int8_t *out)
{
    for (size_t i = 0; i < work->in->rows; i++) {
        out[i] = work->asked[work->cell[i]].decision[NRDI_ABSENT];
    }
}

/* An item that does not apply asks nothing; only optional ones have infinite values. */
static void
leave_out(const double *values, size_t rows, int8_t *out)
{
    for (size_t i = 0; i < rows; i++) {
        if (isinf(values[i])) {
            out[i] = NRD_DECISION_NOT_ASKED;
        }
    }
}

/* Take decisions into the ranks of what all of them must meet. */
static void
fold(const int8_t *decisions, size_t rows, int8_t *ranks)
{
    for (size_t i = 0; i < rows; i++) {
        const int8_t rank = rank_of(decisions[i]);

        ranks[i] = rank < ranks[i] ? rank : ranks[i];
    }
}

static void
to_decisions(int8_t *ranks, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        ranks[i] = decision_of[ranks[i]];
    }
}

static nrd_status
decide_measured(
    const assessment *work, int8_t *items_out, int8_t *criteria_out, nrd_error *err)
{
    const nrd_criteria *set = work->set;
    const size_t rows = work->in->rows;

    for (size_t j = 0; j < set->item_count; j++) {
        const nrd_item *item = &set->items[j].about;
        const double *values = work->in->values[j];
        int8_t *out = items_out + j * rows;

        NRDI_TRY(fill_asked(work, j, err));
        if (values == NULL || item->refers == NRD_REFERS_CRITERIA) {
            decide_unmeasured(work, out);
        } else {
            decide_item(work, item, values, out);
        }
        if (item->is_optional && values != NULL) {
            leave_out(values, rows, out);
        }
        if (item->criterion < set->count) {
            fold(out, rows, criteria_out + item->criterion * rows);
        }
    }
    return NRD_OK;
}

/* Nothing is met by being left out: without all its indicators, or any, a criterion is
 * unknown at best. */
static void
start_criteria(const nrd_criteria *set, size_t rows, int8_t *criteria_out)
{
    for (size_t c = 0; c < set->count; c++) {
        const bool whole = set->criteria[c].lists_all && set->criteria[c].count > 0;

        memset(criteria_out + c * rows, whole ? RANK_NOT_ASKED : RANK_UNKNOWN, rows);
    }
}

static void
decide_units(const nrd_criteria *set, size_t rows, int8_t *items_out, int8_t *criteria_out,
    int8_t *units_out)
{
    memset(units_out, set->lists_all && set->count > 0 ? RANK_MET : RANK_UNKNOWN, rows);
    for (size_t c = 0; c < set->count; c++) {
        to_decisions(criteria_out + c * rows, rows);
        fold(criteria_out + c * rows, rows, units_out);
    }
    for (size_t j = 0; j < set->item_count; j++) {
        const nrd_item *item = &set->items[j].about;

        if (item->criterion < set->count) {
            continue;
        }
        if (item->refers == NRD_REFERS_CRITERIA) {
            for (size_t i = 0; i < rows; i++) {
                items_out[j * rows + i] = decision_of[units_out[i]];
            }
        }
    }
    for (size_t j = 0; j < set->item_count; j++) {
        if (set->items[j].about.criterion == set->count) {
            fold(items_out + j * rows, rows, units_out);
        }
    }
    to_decisions(units_out, rows);
}

static nrd_status
open_work(assessment *work, nrd_error *err)
{
    const size_t places = work->set->place_count + 1;

    work->cell = nrdi_malloc(work->in->rows, sizeof *work->cell);
    work->asked = work->in->n_days <= INT32_MAX / places
                      ? nrdi_malloc(work->in->n_days * places, sizeof *work->asked)
                      : NULL;
    return work->cell != NULL && work->asked != NULL
               ? NRD_OK
               : nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the levels");
}

nrd_status
nrd_assess(const nrd_criteria *set, const nrd_measurements *in, int8_t *items_out,
    int8_t *criteria_out, int8_t *units_out, nrd_error *err)
{
    assessment work = {set, in, NULL, NULL};
    nrd_status status;

    if (set == NULL || in == NULL || items_out == NULL || criteria_out == NULL ||
        units_out == NULL || in->place == NULL || in->when == NULL || in->days == NULL ||
        in->values == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an argument or array is NULL");
    }
    NRDI_TRY(nrdi_assess_check_input(set, in, err));
    status = open_work(&work, err);
    if (status == NRD_OK) {
        fill_cells(&work);
        start_criteria(set, in->rows, criteria_out);
        status = decide_measured(&work, items_out, criteria_out, err);
    }
    if (status == NRD_OK) {
        decide_units(set, in->rows, items_out, criteria_out, units_out);
    }
    nrdi_free(work.asked);
    nrdi_free(work.cell);
    return status;
}
