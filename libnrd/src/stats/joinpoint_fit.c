/* Fits with joints at given times, and intervals by inverting F tests. */

#include "joinpoint_private.h"

#include <math.h>
#include <nrd/dist.h>
#include <string.h>

#include "parallel_private.h"

/* Most steps between rows at which places are tried, and about as many choices of them. */
#define MOST_STEPS 64
#define MOST_CHOICES 32768.0

void
nrdi_joined_open(nrdi_joined *own, const double *value, const double *weight)
{
    double *level = own->line, *slope = own->line + own->n, size;

    for (size_t i = 0; i < own->n; i++) {
        own->root[i] = weight != NULL ? sqrt(weight[i]) : 1.0;
        own->value[i] = own->root[i] * value[i];
        level[i] = own->root[i];
        slope[i] = own->root[i] * (own->time[i] - own->time[0]);
    }
    size = sqrt(nrdi_joined_product(level, level, own->n));
    for (size_t i = 0; i < own->n; i++) {
        level[i] /= size;
    }
    for (int round = 0; round < 2; round++) {
        const double share = nrdi_joined_product(slope, level, own->n);

        for (size_t i = 0; i < own->n; i++) {
            slope[i] = fma(-share, level[i], slope[i]);
        }
    }
    size = sqrt(nrdi_joined_product(slope, slope, own->n));
    for (size_t i = 0; i < own->n; i++) {
        slope[i] /= size;
    }
}

/* Columns of the fit: level at the first time, slope, changes of slope. */
static void
set_columns(const nrdi_joined *own, int k, const double *joint, double *column)
{
    for (size_t i = 0; i < own->n; i++) {
        column[i] = own->root[i];
        column[own->n + i] = own->root[i] * (own->time[i] - own->time[0]);
        for (int j = 0; j < k; j++) {
            const double after = own->time[i] - joint[j];

            column[(size_t) (2 + j) * own->n + i] =
                after > 0.0 ? own->root[i] * after : 0.0;
        }
    }
}

/* Columns become orthonormal, the upper triangle what they were made of. */
static void
orthogonalise(size_t n, int terms, double *column, double (*factor)[NRDI_TERMS])
{
    for (int j = 0; j < terms; j++) {
        double *own = column + (size_t) j * n;

        for (int round = 0; round < 2; round++) {
            for (int m = 0; m < j; m++) {
                const double *unit = column + (size_t) m * n;
                const double share = nrdi_joined_product(own, unit, n);

                factor[m][j] = round > 0 ? factor[m][j] + share : share;
                for (size_t i = 0; i < n; i++) {
                    own[i] = fma(-share, unit[i], own[i]);
                }
            }
        }
        factor[j][j] = sqrt(nrdi_joined_product(own, own, n));
        for (size_t i = 0; i < n; i++) {
            own[i] /= factor[j][j];
        }
    }
}

/* Variance of the sum of terms 1 to last over that of a value: the square of what solves
 * the transposed triangle. */
static double
factor_of(int terms, int last, double (*factor)[NRDI_TERMS])
{
    double solved[NRDI_TERMS], sum = 0.0;

    for (int j = 0; j < terms; j++) {
        double rest = j >= 1 && j <= last ? 1.0 : 0.0;

        for (int m = 0; m < j; m++) {
            rest = fma(-factor[m][j], solved[m], rest);
        }
        solved[j] = rest / factor[j][j];
        sum = fma(solved[j], solved[j], sum);
    }
    return sum;
}

void
nrdi_joined_fit(
    const nrdi_joined *own, int k, const double *joint, nrdi_lines *out, double *rest)
{
    const size_t n = own->n;
    const int terms = 2 + k;
    double factor[NRDI_TERMS][NRDI_TERMS], share[NRDI_TERMS];
    double *column = own->term, *left = rest != NULL ? rest : own->term + NRDI_TERMS * n;

    set_columns(own, k, joint, column);
    orthogonalise(n, terms, column, factor);
    memcpy(left, own->value, n * sizeof *left);
    for (int j = 0; j < terms; j++) {
        const double *unit = column + (size_t) j * n;

        share[j] = nrdi_joined_product(unit, left, n);
        for (size_t i = 0; i < n; i++) {
            left[i] = fma(-share[j], unit[i], left[i]);
        }
    }
    out->rss = nrdi_joined_product(left, left, n);
    for (int j = terms - 1; j >= 0; j--) {
        double part = share[j];

        for (int m = j + 1; m < terms; m++) {
            part = fma(-factor[j][m], out->coefficient[m], part);
        }
        out->coefficient[j] = part / factor[j][j];
    }
    for (int j = 0; j <= k; j++) {
        out->slope[j] = out->coefficient[1 + j] + (j > 0 ? out->slope[j - 1] : 0.0);
        out->factor[j] = factor_of(terms, 1 + j, factor);
    }
}

nrd_status
nrdi_joined_best(const nrdi_joined *own, int k, double *joint, nrdi_lines *out)
{
    double least;
    nrd_status status = NRD_OK;

    if (k > 0) {
        memcpy(own->many, own->value, own->n * sizeof *own->many);
        nrdi_joined_level(own, own->many, 1);
        status = nrdi_joined_search(own, k, own->many, 1, &least, joint);
    }
    if (status == NRD_OK) {
        nrdi_joined_fit(own, k, joint, out, NULL);
    }
    return status;
}

/* Places that are tried: so many steps after the first row. */
typedef struct {
    size_t step[NRDI_JOINTS];
} tried;

/* Steps between rows: a power of 2 that keeps the choices few, or else 1. */
static size_t
steps_for(const nrdi_joined *own, int k)
{
    size_t steps = MOST_STEPS;

    for (double choices = MOST_CHOICES + 1.0; choices > MOST_CHOICES && steps > 1;) {
        const double places = (double) (steps * (own->n - 1));

        choices = 1.0;
        for (int j = 0; j < k; j++) {
            choices *= places / (double) (j + 1);
        }
        steps = choices > MOST_CHOICES ? steps / 2 : steps;
    }
    return steps;
}

static double
time_at(const nrdi_joined *own, size_t step, size_t steps)
{
    const size_t row = step / steps;
    const double part = (double) (step % steps) / (double) steps;

    return row + 1 < own->n ? own->time[row] + part * (own->time[row + 1] - own->time[row])
                            : own->time[own->n - 1];
}

/* Whether each segment has rows enough, one at a joint being in both. */
static int
has_room(const nrdi_joined *own, int k, const tried *at, size_t steps)
{
    size_t from = 0;

    for (int j = 0; j <= k; j++) {
        const size_t to = j < k ? at->step[j] : steps * (own->n - 1);
        const size_t first = (from + steps - 1) / steps, last = to / steps;

        if (last + 1 < first + (size_t) own->options->least) {
            return 0;
        }
        from = to;
    }
    return 1;
}

/* The next places in ascending order; 0 where there are no more. */
static int
move(const nrdi_joined *own, int k, tried *at, size_t steps)
{
    const size_t end = steps * (own->n - 1);

    for (int j = k - 1; j >= 0; j--) {
        const size_t room = end - (size_t) (k - 1 - j);

        if (at->step[j] + 1 < room) {
            at->step[j]++;
            for (int m = j + 1; m < k; m++) {
                at->step[m] = at->step[m - 1] + 1;
            }
            return 1;
        }
    }
    return 0;
}

/* First and last place of each joint: tried at all, and not rejected. */
typedef struct {
    size_t first[NRDI_JOINTS], last[NRDI_JOINTS];
    size_t low[NRDI_JOINTS], high[NRDI_JOINTS];
} range;

static void
widen(size_t *low, size_t *high, size_t step)
{
    *low = step < *low ? step : *low;
    *high = step > *high ? step : *high;
}

static void
widen_slopes(const nrdi_lines *fit, int k, double most, nrd_joinpoint *out)
{
    for (int j = 0; j <= k; j++) {
        const double reach = sqrt(fit->factor[j] * fmax(most - fit->rss, 0.0));

        out->slope_low[j] = fmin(out->slope_low[j], fit->slope[j] - reach);
        out->slope_high[j] = fmax(out->slope_high[j], fit->slope[j] + reach);
    }
}

static nrd_status
try_places(const nrdi_joined *own, int k, double most, range *found, nrd_joinpoint *out)
{
    const size_t steps = steps_for(own, k);
    tried at = {{0}};
    nrdi_lines fit;
    double joint[NRDI_JOINTS];

    for (int j = 0; j < k; j++) {
        at.step[j] = (size_t) j + 1;
    }
    do {
        if (!has_room(own, k, &at, steps)) {
            continue;
        }
        if (nrdi_is_stopped(own->options->stop)) {
            return NRD_E_CANCELLED;
        }
        for (int j = 0; j < k; j++) {
            joint[j] = time_at(own, at.step[j], steps);
            widen(&found->first[j], &found->last[j], at.step[j]);
        }
        nrdi_joined_fit(own, k, joint, &fit, NULL);
        if (fit.rss > most) {
            continue;
        }
        for (int j = 0; j < k; j++) {
            widen(&found->low[j], &found->high[j], at.step[j]);
        }
        widen_slopes(&fit, k, most, out);
    } while (move(own, k, &at, steps));
    return NRD_OK;
}

static void
set_joint_bounds(const nrdi_joined *own, int k, const range *found, nrd_joinpoint *out)
{
    const size_t steps = steps_for(own, k);

    for (int j = 0; j < k; j++) {
        /* Where no place that was tried is left, the best one is between two of them. */
        const int none = found->low[j] > found->high[j];
        size_t low = found->low[j], high = found->high[j];

        for (size_t s = found->first[j]; none && s < found->last[j]; s++) {
            if (time_at(own, s, steps) <= out->joint[j]) {
                low = s + 1;
                high = s;
            }
        }
        out->joint_low[j] =
            low <= found->first[j] ? (double) -INFINITY : time_at(own, low - 1, steps);
        out->joint_high[j] =
            high >= found->last[j] ? (double) INFINITY : time_at(own, high + 1, steps);
    }
}

nrd_status
nrdi_joined_bounds(const nrdi_joined *own, const nrdi_lines *fit, nrd_joinpoint *out)
{
    const int k = out->joints;
    range found;
    nrd_status status = NRD_OK;
    double t, most;

    if (nrd_dist_t_isf((1.0 - own->options->level) / 2.0, out->df, &t, NULL) != NRD_OK) {
        return NRD_OK;
    }
    most = out->rss * (1.0 + t * t / out->df);
    for (int j = 0; j <= k; j++) {
        out->slope_low[j] = out->slope_high[j] = fit->slope[j];
    }
    widen_slopes(fit, k, most, out);
    for (int j = 0; j < k; j++) {
        found.first[j] = found.low[j] = SIZE_MAX;
        found.last[j] = found.high[j] = 0;
    }
    if (k > 0) {
        status = try_places(own, k, most, &found, out);
        set_joint_bounds(own, k, &found, out);
    }
    return status;
}
