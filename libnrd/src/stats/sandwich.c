/* Rows of regressions, one regression after the other. */

#include "sandwich_private.h"

#include <math.h>
#include <string.h>

#include "exact_block_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Fewer values than this are done before a thread has begun. */
#define VALUES_OF_A_THREAD 16384

nrd_status
nrdi_rows_check(const nrd_regression_rows *rows, nrd_error *err)
{
    if (rows == NULL || rows->offset == NULL || rows->x == NULL || rows->y == NULL ||
        rows->coefficient == NULL || rows->coefficient_low == NULL ||
        rows->factor == NULL || rows->factor_low == NULL || rows->pivot == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the rows or an array is NULL");
    }
    if (rows->coefficients == 0) {
        return nrdi_fail(
            err, NRD_E_SIZE, NRD_NO_ROW, "there are no coefficients, expected at least 1");
    }
    for (size_t g = 0; g < rows->groups; g++) {
        if (rows->offset[g + 1] < rows->offset[g]) {
            return nrdi_fail(
                err, NRD_E_SIZE, NRD_NO_ROW, "offset %zu is below that before it", g + 1);
        }
    }
    return NRD_OK;
}

const double *
nrdi_fitted_factor(const nrdi_fitted *own)
{
    return own->rows->factor + own->group * own->k * own->k;
}

const double *
nrdi_fitted_pivot(const nrdi_fitted *own)
{
    return own->rows->pivot + own->group * own->k;
}

const nrdi_fitted_kernels *
nrdi_fitted_kernels_in_use(void)
{
#ifdef NRDI_X86
    if (strcmp(nrdi_kernels_in_use()->name, "plain") != 0) {
        return &nrdi_fitted_fma;
    }
#endif
    return &nrdi_fitted_plain;
}

void
nrdi_fitted_fill(nrdi_fitted *own)
{
    nrdi_fitted_kernels_in_use()->fill(own);
}

void
nrdi_fitted_effect(const nrdi_fitted *own, double *out)
{
    const size_t k = own->k;

    for (size_t j = 0; j < k; j++) {
        for (size_t m = 0; m < k; m++) {
            out[j * k + m] =
                nrdi_fitted_factor(own)[m * k + j] / sqrt(nrdi_fitted_pivot(own)[m]);
        }
    }
}

double
nrdi_fitted_room(const nrdi_fitted *own, size_t i)
{
    const double *pivot = nrdi_fitted_pivot(own);
    const double weight =
        own->rows->weights == NRD_WEIGHTS_FREQUENCY ? 1.0 : nrdi_weight_of(own, i);
    nrdi_twofold room = {1.0, 0.0};

    for (size_t j = 0; j < own->k; j++) {
        const double part = own->part[j * own->n + i];

        nrdi_twofold_add_product(&room, -part / pivot[j], part * weight);
    }
    return room.high + room.low;
}

/* Count the rows; frequencies are whole numbers, so that their sum has no error. */
static double
count_rows(const nrdi_fitted *own)
{
    double count = 0.0;

    for (size_t i = 0; i < own->n; i++) {
        const double weight = nrdi_weight_of(own, i);

        count += own->rows->weights == NRD_WEIGHTS_FREQUENCY ? weight : weight > 0.0;
    }
    return count;
}

/* The work of one thread: regressions from `begin` on, and room for the largest. */
typedef struct {
    size_t begin;
    size_t end;
    double *space;
    nrd_status status;
    nrd_error err;
} share;

typedef struct {
    const nrdi_each *each;
    share *shares;
} team;

static void
no_result(const nrdi_each *each, size_t group)
{
    const size_t k = each->rows->coefficients;

    for (size_t i = 0; i < k * k; i++) {
        each->covariance[group * k * k + i] = (double) NAN;
    }
    for (size_t i = 0; i < k; i++) {
        each->df[group * k + i] = (double) NAN;
    }
    each->other[group] = (double) NAN;
}

int
nrdi_fitted_open(
    const nrd_regression_rows *rows, size_t group, double *space, nrdi_fitted *out)
{
    const size_t k = rows->coefficients, first = (size_t) rows->offset[group];
    const size_t n = (size_t) rows->offset[group + 1] - first;

    *out = (nrdi_fitted){.rows = rows,
        .group = group,
        .first = first,
        .n = n,
        .k = k,
        .residual = space,
        .part = space + n,
        .influence = space + (1 + k) * n,
        .spare = space + (1 + 2 * k) * n};
    out->counted = count_rows(out);
    out->df = out->counted - (double) k -
              (rows->absorbed != NULL ? (double) rows->absorbed[group] : 0.0);
    return out->df > 0.0 && !isnan(rows->coefficient[group * k]);
}

static void
work_on_share(void *shared, int worker)
{
    const team *all = shared;
    share *own = &all->shares[worker];
    nrdi_fitted one;

    for (size_t g = own->begin; g < own->end && own->status == NRD_OK; g++) {
        if (nrdi_fitted_open(all->each->rows, g, own->space, &one)) {
            own->status = all->each->work(all->each, &one, &own->err);
        } else {
            no_result(all->each, g);
        }
        if (nrdi_rows_stopped(all->each->rows)) {
            own->status = nrdi_fail(
                &own->err, NRD_E_CANCELLED, NRD_NO_ROW, "the caller asked to stop");
        }
    }
}

/* Give each thread regressions of about as many rows. */
static void
set_shares(
    const nrd_regression_rows *rows, team *all, int workers, double *space, size_t size)
{
    const uint64_t total = rows->offset[rows->groups] - rows->offset[0];
    size_t group = 0;

    for (int w = 0; w < workers; w++) {
        const double until = (double) total * (w + 1) / workers;

        all->shares[w] = (share){.begin = group, .space = space + (size_t) w * size};
        while (group < rows->groups &&
               (double) (rows->offset[group] - rows->offset[0]) < until) {
            group++;
        }
        all->shares[w].end = w + 1 < workers ? group : rows->groups;
    }
}

size_t
nrdi_rows_most(const nrd_regression_rows *rows)
{
    uint64_t most = 0;

    for (size_t g = 0; g < rows->groups; g++) {
        const uint64_t n = rows->offset[g + 1] - rows->offset[g];

        most = n > most ? n : most;
    }
    return (size_t) most;
}

static int
workers_for(const nrd_regression_rows *rows, int threads)
{
    const uint64_t values =
        (rows->offset[rows->groups] - rows->offset[0]) * rows->coefficients;
    const uint64_t most = (uint64_t) nrd_thread_count(threads);
    uint64_t useful = 1 + values / VALUES_OF_A_THREAD;

    if (useful > rows->groups && rows->groups > 0) {
        useful = rows->groups;
    }
    return (int) (useful < most ? useful : most);
}

static nrd_status
first_failure(const team *all, int workers, nrd_error *err)
{
    for (int w = 0; w < workers; w++) {
        if (all->shares[w].status != NRD_OK) {
            if (err != NULL) {
                *err = all->shares[w].err;
            }
            return all->shares[w].status;
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_each_run(nrdi_each *each, int threads, double *out, double *df_out, double *other_out,
    nrd_error *err)
{
    const nrd_regression_rows *rows = each->rows;
    const size_t k = rows->coefficients, groups = rows->groups;
    const int workers = workers_for(rows, threads);
    const size_t most = nrdi_rows_most(rows);
    const size_t size = (1 + 2 * k + each->spare_of_row) * most + each->spare;
    team all = {.each = each};
    double *space = nrdi_malloc((size_t) workers * size, sizeof *space);
    nrd_status status = NRD_E_MEMORY;

    all.shares = nrdi_malloc((size_t) workers, sizeof *all.shares);
    each->covariance = nrdi_malloc(groups * (k * k + k + 1), sizeof *each->covariance);
    if (space == NULL || all.shares == NULL || each->covariance == NULL) {
        (void) nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu rows", most);
        goto done;
    }
    each->df = each->covariance + groups * k * k;
    each->other = each->df + groups * k;
    set_shares(rows, &all, workers, space, size);
    nrdi_parallel_run(workers, work_on_share, &all);
    status = first_failure(&all, workers, err);
    if (status == NRD_OK) {
        memcpy(out, each->covariance, groups * k * k * sizeof *out);
        memcpy(df_out, each->df, groups * k * sizeof *df_out);
        if (other_out != NULL) {
            memcpy(other_out, each->other, groups * sizeof *other_out);
        }
    }
done:
    nrdi_free(each->covariance);
    nrdi_free(all.shares);
    nrdi_free(space);
    return status;
}
