/* The number of independent rows that rows with neighbours are worth. */

#include "spatial_private.h"

#include <math.h>

#include "status_private.h"

#define MOST_ROWS ((size_t) 1 << 16)
#define NOT_REACHED UINT32_MAX

/* Who is next to whom, both ways: row i has to[start[i]] ... to[start[i + 1] - 1]. */
typedef struct {
    size_t n;
    size_t *start;
    uint32_t *to;
    uint32_t *step;  /* of each row from the one that is looked at */
    uint32_t *queue; /* rows by their steps */
    double *x, *y;   /* deviations */
} map;

nrd_status
nrdi_spatial_check(const nrd_neighbours *of, const double *x, const double *y,
    const void *out, nrd_error *err)
{
    if (of == NULL || x == NULL || y == NULL || out == NULL ||
        (of->links > 0 && (of->from == NULL || of->to == NULL))) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (of->n > MOST_ROWS) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are %zu rows, expected %zu",
            of->n, MOST_ROWS);
    }
    for (size_t k = 0; k < of->links; k++) {
        const double weight = of->weight != NULL ? of->weight[k] : 1.0;

        if (of->from[k] >= of->n || of->to[k] >= of->n) {
            return nrdi_fail(err, NRD_E_UNKNOWN, k,
                "the link is of %lu and %lu, expected rows below %zu",
                (unsigned long) of->from[k], (unsigned long) of->to[k], of->n);
        }
        if (of->from[k] == of->to[k] || !(weight >= 0.0) || isinf(weight)) {
            return nrdi_fail(err, NRD_E_DOMAIN, k,
                "the link is of %lu and %lu with weight %g, expected two rows and a number "
                "from 0 on",
                (unsigned long) of->from[k], (unsigned long) of->to[k], weight);
        }
    }
    for (size_t i = 0; i < of->n; i++) {
        if (isinf(x[i]) || isinf(y[i])) {
            return nrdi_fail(err, NRD_E_DOMAIN, i, "the value is %g, expected a number",
                isinf(x[i]) ? x[i] : y[i]);
        }
    }
    return NRD_OK;
}

size_t
nrdi_spatial_deviations(const double *x, const double *y, size_t n, double *out)
{
    nrd_exact sum;
    size_t rows = 0;
    double mean;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i]) && !isnan(y[i])) {
            nrd_exact_add(&sum, x[i]);
            rows++;
        }
    }
    mean = rows > 0 ? nrd_exact_round(&sum) / (double) rows : 0.0;
    for (size_t i = 0; i < n; i++) {
        out[i] = isnan(x[i]) || isnan(y[i]) ? (double) NAN : x[i] - mean;
    }
    return rows;
}

int
nrdi_spatial_varies(const double *x, const double *y, size_t n)
{
    double first = (double) NAN;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i])) {
            continue;
        }
        if (!isnan(first) && x[i] != first) {
            return 1;
        }
        first = x[i];
    }
    return 0;
}

static nrd_status
map_make(const nrd_neighbours *of, map *out)
{
    out->n = of->n;
    out->start = nrdi_malloc(of->n + 2, sizeof *out->start);
    out->to = nrdi_malloc(of->links + 1, 2 * sizeof *out->to);
    out->step = nrdi_malloc(of->n + 1, sizeof *out->step);
    out->queue = nrdi_malloc(of->n + 1, sizeof *out->queue);
    out->x = nrdi_malloc(of->n + 1, sizeof *out->x);
    out->y = nrdi_malloc(of->n + 1, sizeof *out->y);
    return out->start == NULL || out->to == NULL || out->step == NULL ||
                   out->queue == NULL || out->x == NULL || out->y == NULL
               ? NRD_E_MEMORY
               : NRD_OK;
}

static void
map_free(map *own)
{
    nrdi_free(own->start);
    nrdi_free(own->to);
    nrdi_free(own->step);
    nrdi_free(own->queue);
    nrdi_free(own->x);
    nrdi_free(own->y);
}

/* Lists of neighbours that have both values. */
static void
fill_lists(const nrd_neighbours *of, map *own)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < of->links; k++) {
            const uint32_t a = of->from[k], b = of->to[k];

            if (isnan(own->x[a]) || isnan(own->x[b])) {
                continue;
            }
            if (pass == 0) {
                own->start[a + 1]++;
                own->start[b + 1]++;
            } else {
                own->to[--own->start[a + 1]] = b;
                own->to[--own->start[b + 1]] = a;
            }
        }
        for (size_t i = 0; i < own->n && pass == 0; i++) {
            own->start[i + 1] += own->start[i];
        }
    }
    /* Each entry is now where its own row begins, and has to be where the one before ends.
     */
    for (size_t i = 0; i < own->n; i++) {
        own->start[i] = own->start[i + 1];
    }
    own->start[own->n] = 0;
    for (size_t k = 0; k < of->links; k++) {
        own->start[own->n] +=
            isnan(own->x[of->from[k]]) || isnan(own->x[of->to[k]]) ? 0 : 2;
    }
}

/* Steps from one row to all others; the number of rows reached, itself included. */
static size_t
walk(map *own, size_t from, size_t steps)
{
    size_t found = 0;

    for (size_t i = 0; i < own->n; i++) {
        own->step[i] = NOT_REACHED;
    }
    own->step[from] = 0;
    own->queue[found++] = (uint32_t) from;
    for (size_t at = 0; at < found; at++) {
        const uint32_t row = own->queue[at];

        if (steps != 0 && own->step[row] >= steps) {
            break;
        }
        for (size_t k = own->start[row]; k < own->start[row + 1]; k++) {
            if (own->step[own->to[k]] == NOT_REACHED) {
                own->step[own->to[k]] = own->step[row] + 1;
                own->queue[found++] = own->to[k];
            }
        }
    }
    return found;
}

/* Products of deviations by steps. */
typedef struct {
    nrd_exact *sum;  /* of x, and then of y: twice `most` */
    uint64_t *count; /* ordered pairs of rows */
    double *mean;    /* of both likewise */
    size_t most;     /* greatest number of steps, and 1 */
} classes;

static void
classes_free(classes *own)
{
    nrdi_free(own->sum);
    nrdi_free(own->count);
    nrdi_free(own->mean);
}

static nrd_status
sum_classes(map *own, size_t steps, classes *out)
{
    for (size_t i = 0; i < own->n; i++) {
        const size_t found = isnan(own->x[i]) ? 0 : walk(own, i, steps);
        const size_t far = found > 0 ? own->step[own->queue[found - 1]] + 1 : 0;

        out->most = far > out->most ? far : out->most;
    }
    out->sum = nrdi_malloc(out->most + 1, 2 * sizeof *out->sum);
    out->count = nrdi_malloc(out->most + 1, sizeof *out->count);
    out->mean = nrdi_malloc(out->most + 1, 2 * sizeof *out->mean);
    if (out->sum == NULL || out->count == NULL || out->mean == NULL) {
        return NRD_E_MEMORY;
    }
    for (size_t c = 0; c < 2 * out->most; c++) {
        nrd_exact_init(&out->sum[c]);
    }
    for (size_t i = 0; i < own->n; i++) {
        const size_t found = isnan(own->x[i]) ? 0 : walk(own, i, steps);

        for (size_t k = 0; k < found; k++) {
            const size_t j = own->queue[k], c = own->step[j];

            nrd_exact_add_product(&out->sum[c], own->x[i], own->x[j]);
            nrd_exact_add_product(&out->sum[out->most + c], own->y[i], own->y[j]);
            out->count[c]++;
        }
    }
    for (size_t c = 0; c < 2 * out->most; c++) {
        out->mean[c] = nrd_exact_round(&out->sum[c]) / (double) out->count[c % out->most];
    }
    return NRD_OK;
}

/* The traces, from sums over all entries of the matrices and sums of their rows. */
static double
effective(map *own, size_t steps, const classes *of, double n)
{
    const double *x = of->mean, *y = of->mean + of->most;
    nrd_exact both, rows;
    double all[2] = {0.0, 0.0}, trace_x, trace_y, trace_xy;

    nrd_exact_init(&both);
    nrd_exact_init(&rows);
    for (size_t c = 0; c < of->most; c++) {
        nrd_exact_add_product3(&both, (double) of->count[c], x[c], y[c]);
    }
    for (int column = 0; column < 2; column++) {
        nrd_exact sum;

        nrd_exact_init(&sum);
        for (size_t c = 0; c < of->most; c++) {
            nrd_exact_merge(&sum, &of->sum[(size_t) column * of->most + c]);
        }
        all[column] = nrd_exact_round(&sum);
    }
    for (size_t i = 0; i < own->n; i++) {
        const size_t found = isnan(own->x[i]) ? 0 : walk(own, i, steps);
        nrd_exact row_x, row_y;

        nrd_exact_init(&row_x);
        nrd_exact_init(&row_y);
        for (size_t k = 0; k < found; k++) {
            nrd_exact_add(&row_x, x[own->step[own->queue[k]]]);
            nrd_exact_add(&row_y, y[own->step[own->queue[k]]]);
        }
        nrd_exact_add_product(&rows, nrd_exact_round(&row_x), nrd_exact_round(&row_y));
    }
    trace_x = x[0] - all[0] / (n * n);
    trace_y = y[0] - all[1] / (n * n);
    trace_xy = (nrd_exact_round(&both) - 2.0 * nrd_exact_round(&rows) / n +
                   all[0] * all[1] / (n * n)) /
               (n * n);
    return trace_xy > 0.0 ? 1.0 + trace_x * trace_y / trace_xy : (double) INFINITY;
}

nrd_status
nrd_spatial_effective(const nrd_neighbours *of, const double *x, const double *y,
    size_t steps, double *out, nrd_error *err)
{
    double found = (double) NAN;
    classes sums = {0};
    map own = {0};
    nrd_status status;

    NRDI_TRY(nrdi_spatial_check(of, x, y, out, err));
    status = map_make(of, &own);
    if (status == NRD_OK) {
        const size_t n = nrdi_spatial_deviations(x, y, of->n, own.x);

        (void) nrdi_spatial_deviations(y, x, of->n, own.y);
        if (n > 2 && nrdi_spatial_varies(x, y, of->n) && nrdi_spatial_varies(y, x, of->n)) {
            fill_lists(of, &own);
            status = sum_classes(&own, steps, &sums);
            found = status == NRD_OK ? effective(&own, steps, &sums, (double) n) : found;
        }
    }
    map_free(&own);
    classes_free(&sums);
    if (status != NRD_OK) {
        return nrdi_fail(err, status, NRD_NO_ROW, "no memory for %zu rows", of->n);
    }
    *out = found;
    return NRD_OK;
}
