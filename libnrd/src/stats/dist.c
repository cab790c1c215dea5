#include <nrd/dist.h>

#include <gsl/gsl_cdf.h>

#include "dist_private.h"
#include "status_private.h"

/* The ratio df : t^2. Both lose a power of two so that the square does not overflow, and
 * below 2^-300 nothing depends on t any more. */
static nrdi_shares
t_at(double t, const double *shapes)
{
    const double size = fmax(t, 0x1p-300), scale = ldexp(0.5, -ilogb(fmax(t, 1.0)));
    const nrdi_twofold square = nrdi_twofold_product(size, size * scale);
    const nrdi_portion split =
        nrdi_portion_of((nrdi_twofold){shapes[0] * scale, 0.0}, square);
    const nrdi_shares shares = nrdi_beta_shares(shapes[0] / 2.0, 0.5, &split);

    return (nrdi_shares){shares.upper, shares.lower, 2.0 * shares.slope};
}

/* The ratio df1 f : df2, scaled so that the product neither overflows nor vanishes. */
static nrdi_shares
f_at(double f, const double *shapes)
{
    const double scale = f < 1.0 ? 0x1p100 : 0x1p-100;
    const nrdi_portion split = nrdi_portion_of(
        nrdi_twofold_product(shapes[0], f * scale), (nrdi_twofold){shapes[1] * scale, 0.0});

    return nrdi_beta_shares(shapes[0] / 2.0, shapes[1] / 2.0, &split);
}

static nrdi_shares
chi2_at(double x, const double *shapes)
{
    return nrdi_gamma_shares(shapes[0] / 2.0, x / 2.0);
}

static nrdi_shares
odds_at(double odds, const double *shapes)
{
    const nrdi_portion split =
        nrdi_portion_of((nrdi_twofold){odds, 0.0}, (nrdi_twofold){1.0, 0.0});

    return nrdi_beta_shares(shapes[0], shapes[1], &split);
}

static nrdi_shares
beta_at(double x, const double *shapes)
{
    const nrdi_portion split =
        nrdi_portion_of((nrdi_twofold){x, 0.0}, nrdi_twofold_sum(1.0, -x));

    return nrdi_beta_shares(shapes[0], shapes[1], &split);
}

const nrdi_family nrdi_family_t = {{"df", NULL}, INFINITY, t_at};
const nrdi_family nrdi_family_f = {{"df1", "df2"}, INFINITY, f_at};
const nrdi_family nrdi_family_chi2 = {{"df", NULL}, INFINITY, chi2_at};
const nrdi_family nrdi_family_odds = {{"a", "b"}, INFINITY, odds_at};
const nrdi_family nrdi_family_normal = {{NULL, NULL}, INFINITY, NULL};
static const nrdi_family family_beta = {{"a", "b"}, 1.0, beta_at};

nrd_status
nrdi_dist_check(
    const nrdi_family *family, const double *shapes, const void *out, nrd_error *err)
{
    if (out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the output is NULL");
    }
    for (size_t i = 0; i < 2 && family->names[i] != NULL; i++) {
        if (!(shapes[i] >= NRDI_SHAPE_MIN && shapes[i] <= NRDI_SHAPE_MAX)) {
            return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                "%s is %g, expected a number in [%g, %g]", family->names[i], shapes[i],
                NRDI_SHAPE_MIN, NRDI_SHAPE_MAX);
        }
    }
    return NRD_OK;
}

static nrd_status
check_point(double point, nrd_error *err)
{
    if (isnan(point)) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "the point is %g, expected a number", point);
    }
    return NRD_OK;
}

static nrdi_shares
shares_at(const nrdi_family *family, double point, const double *shapes)
{
    if (point <= 0.0) {
        return (nrdi_shares){0.0, 1.0, 0.0};
    }
    if (point >= family->end) {
        return (nrdi_shares){1.0, 0.0, 0.0};
    }
    return family->at(point, shapes);
}

static nrd_status
share_below(const nrdi_family *family, double point, const double *shapes, double *out,
    nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(family, shapes, out, err));
    NRDI_TRY(check_point(point, err));
    *out = shares_at(family, point, shapes).lower;
    return NRD_OK;
}

static nrd_status
share_above(const nrdi_family *family, double point, const double *shapes, double *out,
    nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(family, shapes, out, err));
    NRDI_TRY(check_point(point, err));
    *out = shares_at(family, point, shapes).upper;
    return NRD_OK;
}

nrd_status
nrd_dist_t_sf(double t, double df, double *out, nrd_error *err)
{
    nrdi_shares shares;

    NRDI_TRY(nrdi_dist_check(&nrdi_family_t, &df, out, err));
    NRDI_TRY(check_point(t, err));
    shares = shares_at(&nrdi_family_t, fabs(t), &df);
    *out = t > 0.0 ? shares.upper / 2.0 : 0.5 + shares.lower / 2.0;
    return NRD_OK;
}

nrd_status
nrd_dist_t_cdf(double t, double df, double *out, nrd_error *err)
{
    return nrd_dist_t_sf(-t, df, out, err);
}

nrd_status
nrd_dist_f_cdf(double f, double df1, double df2, double *out, nrd_error *err)
{
    return share_below(&nrdi_family_f, f, (const double[]){df1, df2}, out, err);
}

nrd_status
nrd_dist_f_sf(double f, double df1, double df2, double *out, nrd_error *err)
{
    return share_above(&nrdi_family_f, f, (const double[]){df1, df2}, out, err);
}

nrd_status
nrd_dist_chi2_cdf(double x, double df, double *out, nrd_error *err)
{
    return share_below(&nrdi_family_chi2, x, &df, out, err);
}

nrd_status
nrd_dist_chi2_sf(double x, double df, double *out, nrd_error *err)
{
    return share_above(&nrdi_family_chi2, x, &df, out, err);
}

nrd_status
nrd_dist_beta_cdf(double x, double a, double b, double *out, nrd_error *err)
{
    return share_below(&family_beta, x, (const double[]){a, b}, out, err);
}

nrd_status
nrd_dist_beta_sf(double x, double a, double b, double *out, nrd_error *err)
{
    return share_above(&family_beta, x, (const double[]){a, b}, out, err);
}

nrd_status
nrd_dist_normal_cdf(double z, double *out, nrd_error *err)
{
    NRDI_TRY(nrdi_dist_check(&nrdi_family_normal, NULL, out, err));
    NRDI_TRY(check_point(z, err));
    *out = gsl_cdf_ugaussian_P(z);
    return NRD_OK;
}

nrd_status
nrd_dist_normal_sf(double z, double *out, nrd_error *err)
{
    return nrd_dist_normal_cdf(-z, out, err);
}
