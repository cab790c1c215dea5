/* Covariances of coefficients whose errors differ in variance. */

#include "sandwich_private.h"

#include <math.h>

#include "status_private.h"

/* What the residual of a row is multiplied by. */
static nrd_status
correct(const nrdi_fitted *own, nrd_hc kind, size_t i, double *out, nrd_error *err)
{
    const double room = kind >= NRD_HC_2 ? nrdi_fitted_room(own, i) : 1.0;
    const double weight = nrdi_weight_of(own, i);

    *out = own->rows->weights == NRD_WEIGHTS_FREQUENCY ? sqrt(weight) : weight;
    if (weight > 0.0 && room < NRDI_NO_ROOM) {
        return nrdi_fail(err, NRD_E_DOMAIN, own->first + i,
            "the leverage of the row is 1, expected less for HC%d", (int) kind);
    }
    if (weight > 0.0) {
        *out /= kind == NRD_HC_3 ? room : sqrt(room);
    }
    return NRD_OK;
}

static nrd_status
work(const nrdi_each *each, nrdi_fitted *own, nrd_error *err)
{
    const nrd_hc kind = *(const nrd_hc *) each->options;
    const size_t n = own->n, k = own->k;

    nrdi_fitted_fill(own);
    for (size_t i = 0; i < n && !nrdi_rows_stopped(own->rows); i++) {
        double factor;

        NRDI_TRY(correct(own, kind, i, &factor, err));
        for (size_t j = 0; j < k; j++) {
            own->influence[j * n + i] *= own->residual[i] * factor;
        }
    }
    nrdi_cross_products(own, own->influence, n,
        kind == NRD_HC_1 ? own->counted / own->df : 1.0,
        each->covariance + own->group * k * k);
    for (size_t j = 0; j < k; j++) {
        each->df[own->group * k + j] = own->df;
    }
    return NRD_OK;
}

nrd_status
nrd_sandwich_hc(const nrd_regression_rows *rows, nrd_hc kind, int threads, double *out,
    double *df_out, nrd_error *err)
{
    nrdi_each each = {.rows = rows, .options = &kind, .work = work};

    NRDI_TRY(nrdi_rows_check(rows, err));
    if (out == NULL || df_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an output is NULL");
    }
    if ((int) kind < NRD_HC_0 || kind > NRD_HC_3) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "the kind is %d, expected 0 to 3", (int) kind);
    }
    if (kind >= NRD_HC_2 && rows->absorbed != NULL) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "HC%d needs leverages, which are not known where intercepts were taken out",
            (int) kind);
    }
    return nrdi_each_run(&each, threads, out, df_out, NULL, err);
}
