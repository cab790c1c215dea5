/* Permutation tests of correlations: what is asked for is checked, rows are listed. */

#include "correlation_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "permutation_private.h"
#include "status_private.h"

/* Rows in the order of their strata. */
static nrd_status
list_strata(nrdi_arranging *of)
{
    const size_t n = of->all->n;
    double *code = nrdi_malloc(n + 1, sizeof *code);
    uint32_t *level = nrdi_malloc(n + 1, sizeof *level);
    nrd_status status = NRD_E_MEMORY;

    of->rows = nrdi_malloc(n + 1, sizeof *of->rows);
    of->start = nrdi_malloc(n + 2, sizeof *of->start);
    if (code != NULL && level != NULL && of->rows != NULL && of->start != NULL) {
        status = NRD_OK;
        for (size_t i = 0; i < n; i++) {
            code[i] = of->all->unit != NULL ? (double) of->all->unit[i] : 0.0;
        }
        if (n > 0) {
            status = nrdi_permutation_levels(code, n, 0, of->rows, level, &of->strata);
        }
        for (size_t i = n; status == NRD_OK && i-- > 0;) {
            of->start[level[i]] = i;
        }
        of->start[of->strata] = n;
    }
    nrdi_free(code);
    nrdi_free(level);
    return status;
}

static nrd_status
check(const nrd_correlation_data *data, const nrd_correlation_options *options,
    const nrd_correlation_arranging *how, nrd_error *err)
{
    const char *wrong = NULL;

    if (how->resamples == 0) {
        wrong = "there are no resamples";
    } else if ((int) how->alternative < 0 || how->alternative > NRD_ALTERNATIVE_ABSOLUTE) {
        wrong = "the alternative is none of these";
    } else if (options->relation == NRD_RELATION_BETWEEN) {
        wrong = "means of units are not exchanged";
    } else if (data->n_covariates > 0 && options->method == NRD_CORRELATION_KENDALL) {
        wrong = "tau with covariates has no residuals that could be exchanged";
    } else if (how->joint != 0 && data->weight != NULL &&
               options->method == NRD_CORRELATION_KENDALL) {
        wrong = "pairs together with weights are of r or rho";
    } else if (options->relation == NRD_RELATION_WITHIN && how->strata != NULL) {
        wrong = "units are strata already";
    } else if (how->joint != 0 && (options->method > NRD_CORRELATION_KENDALL ||
                                      options->relation != NRD_RELATION_ROWS)) {
        wrong = "pairs together are of r, rho or tau of rows";
    } else if (how->joint != 0 && how->block == NULL) {
        wrong = "there are no blocks of columns";
    }
    return wrong == NULL ? NRD_OK : nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "%s", wrong);
}

static nrd_status
run(nrdi_arranging *of, const nrd_correlation_data *data, int threads)
{
    nrdi_correlation_plan *all = of->all;
    const int workers = nrd_thread_count(threads);
    nrd_status status = nrdi_correlation_take(all, data);

    if (status == NRD_OK) {
        status = list_strata(of);
    }
    if (status == NRD_OK && of->how->joint != 0) {
        status = nrdi_arrange_together(of, workers);
    } else if (status == NRD_OK) {
        of->inner = all->n_pairs == 1 ? workers : 1;
        nrdi_parallel_run(of->inner > 1 ? 1 : workers, nrdi_arrange_pairs, of);
        status = all->status;
    }
    nrdi_correlation_release(all);
    nrdi_free(of->rows);
    nrdi_free(of->start);
    return status;
}

void
nrdi_count_arranged(const nrdi_arranging *of, uint64_t count)
{
    if (of->how->done != NULL) {
        (void) __atomic_fetch_add(of->how->done, count, __ATOMIC_RELAXED);
    }
}

nrd_status
nrd_correlation_arrange(const nrd_correlation_data *data, const nrd_pair *pairs, size_t n,
    const nrd_correlation_options *options, const nrd_correlation_arranging *how,
    int threads, const int *stop, nrd_correlation_arranged *out, nrd_error *err)
{
    const double nan = (double) NAN;
    nrd_correlation_options used;
    nrd_correlation_data rows;
    nrdi_correlation_plan all = {.pairs = pairs, .n_pairs = n, .stop = stop};
    nrdi_arranging of = {.all = &all, .how = how};
    nrd_status status;

    NRDI_TRY(nrdi_correlation_check(data, pairs, n, options, out, err));
    if (how == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    NRDI_TRY(check(data, options, how, err));
    of.out = nrdi_malloc(n + 1, sizeof *of.out);
    if (of.out == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu pairs", n);
    }
    for (size_t k = 0; k < n; k++) {
        of.out[k] = (nrd_correlation_arranged){.p = nan, .adjusted = nan, .smallest = nan};
    }
    used = *options;
    used.listwise |= how->joint;
    rows = *data;
    rows.unit = options->relation == NRD_RELATION_WITHIN ? data->unit : how->strata;
    all.options = &used;
    all.rows = data->n;
    all.n_columns = data->n_columns;
    all.covariate = data->covariates;
    all.covariates = data->n_covariates;
    status = run(&of, &rows, threads);
    if (status == NRD_OK && n > 0) {
        memcpy(out, of.out, n * sizeof *out);
    }
    nrdi_free(of.out);
    return status == NRD_OK ? NRD_OK
                            : nrdi_fail(err, status, NRD_NO_ROW, "%s",
                                  status == NRD_E_CANCELLED ? "the caller asked to stop"
                                                            : "no memory for the pairs");
}
