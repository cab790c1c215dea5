/* How many joints: permutation tests one after another, or a criterion. */

#include "joinpoint_private.h"

#include <float.h>
#include <math.h>
#include <nrd/random.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Permuted residuals on top of the fit: one column a permutation, without their lines. */
static void
permute(const nrdi_joined *own, const double *rest)
{
    const size_t count = (size_t) own->options->permutations;

    for (size_t b = 0; b < count; b++) {
        nrd_random rng;

        nrd_random_start(&rng, own->options->seed, b, own->number);
        nrd_random_permutation(&rng, own->n, own->order);
        for (size_t i = 0; i < own->n; i++) {
            own->many[i * count + b] = own->value[i] - rest[i] + rest[own->order[i]];
        }
    }
    nrdi_joined_level(own, own->many, count);
}

/* P-value of k joints, whose best places are given, against m. */
static nrd_status
test(const nrdi_joined *own, int k, const double *joint, int m, double observed, double *p)
{
    const size_t count = (size_t) own->options->permutations;
    double *rest = own->term + (NRDI_TERMS + 1) * own->n;
    double *fewer = own->sum, *more = own->sum + count;
    nrdi_lines fit;
    uint64_t as_great = 0;

    nrdi_joined_fit(own, k, joint, &fit, rest);
    permute(own, rest);
    NRDI_TRY(nrdi_joined_search(own, k, own->many, count, fewer, NULL));
    NRDI_TRY(nrdi_joined_search(own, m, own->many, count, more, NULL));
    for (size_t b = 0; b < count; b++) {
        as_great += fewer[b] >= observed * more[b] * (1.0 - NRDI_JOINPOINT_ROUNDING);
    }
    *p = (1.0 + (double) as_great) / (1.0 + (double) count);
    return NRD_OK;
}

static nrd_status
choose_by_tests(const nrdi_joined *own, double (*joint)[NRDI_JOINTS], const nrdi_lines *fit,
    nrd_joinpoint *out)
{
    int k = 0, m = out->most;

    for (; k < m; out->tests++) {
        const double ratio = fit[k].rss / fit[m].rss;

        NRDI_TRY(test(own, k, joint[k], m, ratio, &out->p[out->tests]));
        if (out->p[out->tests] <= own->options->alpha / (double) (out->most - k)) {
            k++;
        } else {
            m--;
        }
    }
    out->joints = k;
    return NRD_OK;
}

/* Whether sums of squares are the rounding of the values and no scatter. */
static int
is_rounding(const nrdi_joined *own, double rss)
{
    double size = 0.0;

    for (size_t i = 0; i < own->n; i++) {
        size = fmax(size, fabs(own->value[i]));
    }
    return sqrt(rss) <= 4.0 * (double) own->n * DBL_EPSILON * size;
}

static void
set_fit(
    const nrdi_joined *own, const double *joint, const nrdi_lines *fit, nrd_joinpoint *out)
{
    const int k = out->joints;

    out->df = (double) own->n - 2.0 - 2.0 * (double) k;
    out->rss = fit->rss;
    out->start = fit->coefficient[0];
    for (int j = 0; j <= k; j++) {
        out->slope[j] = fit->slope[j];
    }
    for (int j = 0; j < k; j++) {
        out->joint[j] = joint[j];
    }
}

nrd_status
nrdi_joined_choose(const nrdi_joined *own, nrd_joinpoint *out)
{
    const double n = (double) own->n;
    double joint[NRDI_JOINTS + 1][NRDI_JOINTS];
    nrdi_lines fit[NRDI_JOINTS + 1];

    out->most = nrdi_joined_most(own, own->options->most);
    for (int k = 0; k <= out->most; k++) {
        NRDI_TRY(nrdi_joined_best(own, k, joint[k], &fit[k]));
        if (is_rounding(own, fit[k].rss)) {
            out->state = NRD_JOINPOINT_EXACT;
            out->joints = out->most = k;
            set_fit(own, joint[k], &fit[k], out);
            return NRD_OK;
        }
        out->bic[k] = log(fit[k].rss / n) + 2.0 * ((double) k + 1.0) * log(n) / n;
    }
    out->joints = own->options->rule == NRD_JOINPOINT_GIVEN ? out->most : 0;
    for (int k = 1; k <= out->most && own->options->rule == NRD_JOINPOINT_BIC; k++) {
        out->joints = out->bic[k] < out->bic[out->joints] ? k : out->joints;
    }
    if (own->options->rule == NRD_JOINPOINT_PERMUTATION) {
        NRDI_TRY(choose_by_tests(own, joint, fit, out));
    }
    if (out->most < 1 && own->options->most > 0) {
        out->state = NRD_JOINPOINT_FEW;
    }
    set_fit(own, joint[out->joints], &fit[out->joints], out);
    return nrdi_joined_bounds(own, &fit[out->joints], out);
}
