/* Which rows are in a resample. */

#include "bootstrap_private.h"

#include <nrd/random.h>

#include <string.h>

#include "status_private.h"

/* Poisson numbers of all units for the replicates that are drawn together with this one. */
static void
draw_poisson(const nrd_bootstrap *of, uint64_t seed, uint64_t together, uint8_t *count)
{
    for (size_t u = 0; u < of->units; u++) {
        uint8_t drawn[NRDI_POISSON_REPLICATES];
        nrd_random rng;

        nrd_random_start(&rng, seed, together, of->key != NULL ? of->key[u] : u);
        nrd_random_poissons(&rng, NRDI_POISSON_REPLICATES, drawn);
        for (size_t b = 0; b < NRDI_POISSON_REPLICATES; b++) {
            count[b * of->units + u] = drawn[b];
        }
    }
}

/* Counts of the units of a replicate. */
static const uint8_t *
draw_units(const nrd_bootstrap *of, uint64_t seed, uint64_t replicate, nrdi_resample *own)
{
    const uint64_t together = replicate / NRDI_POISSON_REPLICATES;

    if (of->scheme == NRD_SCHEME_POISSON) {
        if (own->drawn != together + 1) {
            draw_poisson(of, seed, together, own->count);
            own->drawn = together + 1;
        }
        return own->count + replicate % NRDI_POISSON_REPLICATES * of->units;
    }
    for (size_t h = 0; h < of->strata; h++) {
        const size_t start = (size_t) of->stratum_units[h];
        nrd_random rng;

        nrd_random_start(&rng, seed, replicate, h);
        nrd_random_counts(
            &rng, (size_t) of->stratum_units[h + 1] - start, own->count + start);
    }
    return own->count;
}

/* Blocks until there are n rows; the last one is cut. Where a block begins and where one
 * ends, counts change by one: they are summed up at the end. */
static void
draw_blocks(const nrd_bootstrap *of, uint64_t seed, uint64_t replicate, double *weight)
{
    double covered = 0.0;
    nrd_random rng;

    nrd_random_start(&rng, seed, replicate, 0);
    memset(weight, 0, of->n * sizeof *weight);
    for (size_t rows = 0; rows < of->n; rows += of->block) {
        const size_t length = of->n - rows < of->block ? of->n - rows : of->block;
        const size_t start = (size_t) nrd_random_below(&rng, of->units);

        weight[start] += 1.0;
        if (start + length > of->n) {
            weight[0] += 1.0;
            weight[start + length - of->n] -= 1.0;
        } else if (start + length < of->n) {
            weight[start + length] -= 1.0;
        }
    }
    for (size_t i = 0; i < of->n; i++) {
        covered += weight[i];
        weight[i] = covered;
    }
}

void
nrdi_resample_draw(
    const nrd_bootstrap *of, uint64_t seed, uint64_t replicate, nrdi_resample *own)
{
    const uint8_t *count;

    if (nrdi_is_block(of->scheme)) {
        draw_blocks(of, seed, replicate, own->weight);
        return;
    }
    count = draw_units(of, seed, replicate, own);
    if (of->unit_rows == NULL || own->by_unit) {
        for (size_t i = 0; i < of->units; i++) {
            own->weight[i] = (double) count[i];
        }
        return;
    }
    for (size_t u = 0; u < of->units; u++) {
        for (size_t i = nrdi_unit_start(of, u); i < nrdi_unit_start(of, u + 1); i++) {
            own->weight[i] = (double) count[u];
        }
    }
}

nrd_status
nrd_bootstrap_rows(const nrd_bootstrap *bootstrap, const nrd_bootstrap_run *run,
    uint32_t *out, nrd_error *err)
{
    if (bootstrap == NULL || run == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the bootstrap, run or out is NULL");
    }
    if (!nrdi_is_block(bootstrap->scheme)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the scheme is %d, expected one of blocks", (int) bootstrap->scheme);
    }
    for (size_t b = 0; b < run->count; b++) {
        size_t start = 0;
        nrd_random rng;

        nrd_random_start(&rng, run->seed, run->first + b, 0);
        for (size_t i = 0; i < bootstrap->n; i++) {
            if (i % bootstrap->block == 0) {
                start = (size_t) nrd_random_below(&rng, bootstrap->units);
            }
            *out++ = (uint32_t) ((start + i % bootstrap->block) % bootstrap->n);
        }
    }
    return NRD_OK;
}
