/* Totals over all units, before and after, and results in the units of the caller. */

#include "crosswalk_private.h"

#include <math.h>
#include <string.h>

/* A sum that goes on over units: whole numbers in a double, fractions of them in units of
 * 2^-63, or where they are no whole numbers, or too large, without error. */
typedef struct {
    int whole;
    size_t periods;
    nrdi_adding rows;
    nrdi_int128 *fraction;
    nrd_exact *exact;
} total;

static void
begin(total *out, const nrdi_harmonising *in, int whole, double unit,
    nrdi_harmonise_scratch *scratch)
{
    out->whole = whole;
    out->periods = in->panel->periods;
    out->fraction = scratch->fraction;
    out->exact = scratch->exact;
    nrdi_adding_begin(&out->rows, in->kernels, scratch->sum[0], in->padded, unit);
    memset(out->fraction, 0, out->periods * sizeof *out->fraction);
    for (size_t p = 0; p < out->periods && !whole; p++) {
        nrd_exact_init(&out->exact[p]);
    }
}

/* Add a value for each period, in the units of the column; a NaN makes the total NaN. */
static void
add(const total *to, const double *value)
{
    for (size_t p = 0; p < to->periods; p++) {
        const double near = nrdi_near_whole(value[p]);

        if (!to->whole) {
            nrd_exact_add(&to->exact[p], value[p]);
        } else if (near == value[p] || isnan(near)) {
            to->rows.sum[p] += value[p];
        } else {
            to->rows.sum[p] += near;
            to->fraction[p] += (int64_t) ((value[p] - near) * 0x1p63);
        }
    }
}

static double
rounded(const total *of, size_t p, double unit)
{
    nrdi_int128 all;

    if (!of->whole) {
        return nrd_exact_round(&of->exact[p]) / unit;
    }
    if (isnan(of->rows.sum[p])) {
        return of->rows.sum[p];
    }
    all =
        (nrdi_int128) (int64_t) of->rows.sum[p] * ((nrdi_int128) 1 << 63) + of->fraction[p];
    return nrdi_ratio_to_double(all, (nrdi_int128) unit * ((nrdi_int128) 1 << 63));
}

static void
write(total *of, double unit, double *out)
{
    nrdi_adding_flush(&of->rows);
    for (size_t p = 0; p < of->periods; p++) {
        out[3 * p] = rounded(of, p, unit);
    }
}

/* Over the sources that are a part of a target, each once. */
static void
before(const nrdi_harmonising *in, const nrdi_harmonise_column *column, int whole,
    nrdi_harmonise_scratch *scratch, double *out)
{
    total sum;

    begin(&sum, in, whole, column->unit, scratch);
    for (size_t source = 0; source < in->links->sources; source++) {
        if (in->reached[source] && whole) {
            nrdi_harmonise_add(in, column, source, scratch->value, &sum.rows);
        } else if (in->reached[source]) {
            add(&sum, nrdi_harmonise_row(in, column, source, scratch->value));
        }
    }
    write(&sum, column->unit, out);
}

static void
after(const nrdi_harmonising *in, const double *values, double unit, int whole,
    nrdi_harmonise_scratch *scratch, double *out)
{
    const size_t periods = in->panel->periods, cells = in->links->targets * periods;
    total sum;

    begin(&sum, in, whole, 1.0, scratch);
    for (size_t first = 0; first < cells; first += periods) {
        /* Beyond its periods a target has those of the next one, if there is any. */
        if (whole && !in->cut[first / periods] && first + in->padded <= cells) {
            nrdi_adding_put(&sum.rows, values + first);
        } else {
            add(&sum, values + first);
        }
    }
    write(&sum, unit, out);
}

void
nrdi_harmonise_finish(
    const nrdi_harmonising *in, size_t rule, nrdi_harmonise_scratch *scratch)
{
    const nrdi_harmonise_column *column = &in->columns[in->rules[rule].is.column];
    const size_t periods = in->panel->periods, cells = in->links->targets * periods;
    double *totals = in->totals + rule * periods * 3;
    double *low = in->low + rule * cells;
    double *high = nrdi_harmonise_high(in, rule);
    /* A divided unit counts in each of its parts. */
    const size_t units = in->links->sources + in->links->start[in->links->targets];
    const int whole =
        in->rules[rule].whole && column->largest * (double) units < NRDI_WHOLE;

    if (in->rules[rule].is.kind != NRD_HARMONISE_SUM) {
        for (size_t i = 0; i < 3 * periods; i++) {
            totals[i] = (double) NAN;
        }
        return;
    }
    before(in, column, whole, scratch, totals);
    after(in, low, column->unit, whole, scratch, totals + 1);
    if (high != NULL) {
        after(in, high, column->unit, whole, scratch, totals + 2);
        in->kernels->divide_by(high, cells, column->unit);
    } else {
        for (size_t p = 0; p < periods; p++) {
            totals[3 * p + 2] = totals[3 * p + 1];
        }
    }
    if (column->unit != 1.0) {
        in->kernels->divide_by(low, cells, column->unit);
    }
}
