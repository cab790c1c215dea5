/* Replicates of the wild bootstrap, and what follows from them for any value tested. */

#include "wild_private.h"

#include <math.h>
#include <string.h>

#include <nrd/random.h>

/* Two t are equal where their squares differ by less, relatively. */
#define NEARLY (1.0 - 0x1p-35)

/* What a regression takes whole leaves less than this share of its square. */
#define ROUNDING 0x1p-80

/* Steps outward double until the last would be 2^64 standard errors. */
#define DOUBLINGS 64

static const double webb[] = {1.0, -1.0, 0x1.6a09e667f3bcdp-1, -0x1.6a09e667f3bcdp-1,
    0x1.3988e1409212ep+0, -0x1.3988e1409212ep+0};

uint64_t
nrdi_wild_sets(nrd_wild_draw draw, size_t clusters, uint64_t most)
{
    const uint64_t base = draw == NRD_WILD_WEBB ? 6 : 2;
    uint64_t sets = 1;

    for (size_t c = 0; c < clusters && sets <= most; c++) {
        sets = sets > most / base ? most + 1 : sets * base;
    }
    return sets;
}

/* The set of a number, its digits; set 0 leaves the residuals as they are. */
static void
enumerate(const nrdi_wild_plan *plan, uint64_t number, double *multiplier)
{
    const uint64_t base = plan->options->draw == NRD_WILD_WEBB ? 6 : 2;

    for (size_t c = 0; c < plan->c; c++) {
        multiplier[c] = webb[number % base];
        number /= base;
    }
}

static void
draw(const nrdi_wild_plan *plan, uint64_t number, double *multiplier)
{
    uint64_t word = 0;
    nrd_random rng;

    nrd_random_start(&rng, plan->options->seed, number, plan->group);
    for (size_t c = 0; c < plan->c; c++) {
        if (plan->options->draw == NRD_WILD_WEBB) {
            multiplier[c] = webb[nrd_random_below(&rng, 6)];
        } else {
            word = c % 64 == 0 ? nrd_random_next(&rng) : word >> 1;
            multiplier[c] = webb[word & 1];
        }
    }
}

/* Sums over clusters, in their order, of what was rounded before: a tie that rounding
 * breaks is mended by NEARLY. */
static void
sum_scores(
    const nrdi_wild_plan *plan, const double *multiplier, const double *score, double *out)
{
    memset(out, 0, plan->k * sizeof *out);
    for (size_t c = 0; c < plan->c; c++) {
        for (size_t m = 0; m < plan->k; m++) {
            out[m] += multiplier[c] * score[c * plan->k + m];
        }
    }
}

static double
along(const double *a, const double *b, size_t k)
{
    double sum = 0.0;

    for (size_t m = 0; m < k; m++) {
        sum += a[m] * b[m];
    }
    return sum;
}

/* The residuals of a replicate are those drawn, less what the regression takes from them:
 * the scores drawn, seen through what each cluster sees of the coefficient. */
static nrdi_replicate
one_replicate(const nrdi_wild_plan *plan, size_t j, const double *multiplier,
    const double *drawn, double *changed)
{
    const size_t c = plan->c, k = plan->k;
    const double *sight = plan->change_score + j * c * k;
    nrdi_replicate out = {0};
    double size = 0.0;

    if (plan->options->restricted) {
        sum_scores(plan, multiplier, sight, changed);
    }
    for (size_t i = 0; i < c; i++) {
        const double moved = multiplier[i] * plan->alone[j * c + i];
        const double rest = moved - plan->bread[j] * along(sight + i * k, drawn, k);

        out.shift += moved;
        out.square += rest * rest;
        if (plan->options->restricted) {
            const double turned = multiplier[i] * plan->change[j * c + i];
            const double left = turned - plan->bread[j] * along(sight + i * k, changed, k);

            out.turn += turned;
            out.cross += 2.0 * rest * left;
            out.steep += left * left;
            size += turned * turned;
        }
    }
    if (out.steep < size * ROUNDING) {
        out.cross = out.steep = 0.0;
    }
    return out;
}

size_t
nrdi_wild_space(const nrdi_wild_plan *plan)
{
    return plan->c + 2 * plan->k;
}

int
nrdi_wild_replicate(const nrdi_wild_plan *plan, uint64_t begin, uint64_t end, double *space)
{
    double *multiplier = space, *drawn = space + plan->c, *changed = drawn + plan->k;

    for (uint64_t r = begin; r < end; r++) {
        if (r % NRDI_WILD_BLOCK == 0 && nrdi_rows_stopped(plan->rows)) {
            return 0;
        }
        if (plan->enumerated) {
            enumerate(plan, r, multiplier);
        } else {
            draw(plan, r, multiplier);
        }
        sum_scores(plan, multiplier, plan->score, drawn);
        for (size_t j = 0; j < plan->k; j++) {
            plan->replicate[j * plan->replicates + r] =
                one_replicate(plan, j, multiplier, drawn, changed);
        }
    }
    return 1;
}

double
nrdi_wild_share(const nrdi_wild_plan *plan, size_t j, double d, double variance)
{
    const nrdi_replicate *replicate = plan->replicate + j * plan->replicates;
    const double bound = d * d * NEARLY;
    uint64_t count = plan->enumerated ? 0 : 1;

    for (uint64_t r = 0; r < plan->replicates; r++) {
        const nrdi_replicate own = replicate[r];
        const double away = own.shift + d * own.turn;

        count += away * away * variance >=
                 bound * (own.square + d * (own.cross + d * own.steep));
    }
    return (double) count / (double) (plan->replicates + (plan->enumerated ? 0 : 1));
}

double
nrdi_wild_reach(const nrdi_wild_plan *plan, size_t j, double step, double variance)
{
    const double rejected = 1.0 - plan->options->level;
    double kept = 0.0, lost = step;

    for (int i = 0; nrdi_wild_share(plan, j, lost, variance) > rejected; i++) {
        if (i == DOUBLINGS || nrdi_rows_stopped(plan->rows)) {
            return step > 0.0 ? (double) INFINITY : -(double) INFINITY;
        }
        kept = lost;
        lost *= 2.0;
    }
    for (;;) {
        const double middle = kept + (lost - kept) / 2.0;

        if (!(fabs(middle) > fabs(kept) && fabs(middle) < fabs(lost)) ||
            nrdi_rows_stopped(plan->rows)) {
            return kept;
        }
        if (nrdi_wild_share(plan, j, middle, variance) > rejected) {
            kept = middle;
        } else {
            lost = middle;
        }
    }
}
