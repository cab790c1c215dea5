#ifndef NRD_TEST_PROJECTION_TOY_H
#define NRD_TEST_PROJECTION_TOY_H

/* Many series that are made, for what no reference is needed for. */

#include "support.h"

#include <nrd/projection.h>
#include <nrd/random.h>

#define MANY 300

typedef struct {
    double time[MANY * 8], value[MANY * 8], target[MANY], by[MANY], future[2];
    uint64_t series_rows[MANY + 1];
    nrd_projection_rows rows;
    nrd_projection_options options;
    nrd_projection_point point[MANY * 2];
    nrd_projection out[MANY];
} crowd;

static inline void
crowd_make(crowd *out)
{
    nrd_random rng;

    memset(out, 0, sizeof *out);
    nrd_random_start(&rng, 3, 1, 4);
    for (size_t i = 0; i < MANY; i++) {
        out->target[i] = 4.0;
        out->by[i] = 2025.0;
        out->series_rows[i + 1] = (i + 1) * 8;
        for (size_t r = 0; r < 8; r++) {
            out->time[i * 8 + r] = 2010.0 + (double) r;
            out->value[i * 8 + r] = 40.0 - 2.0 * (double) r + 2.0 * nrd_random_normal(&rng);
        }
    }
    out->future[0] = 2019.0;
    out->future[1] = 2025.0;
    out->rows = (nrd_projection_rows){
        out->time, out->value, NULL, out->series_rows, MANY, NRD_PROJECTION_LOGIT, 100.0};
    out->options = (nrd_projection_options){.target = out->target,
        .by = out->by,
        .time = out->future,
        .times = 2,
        .level = 0.9,
        .replicates = 199,
        .seed = 5};
}

static inline nrd_status
crowd_find(crowd *of, nrd_error *err)
{
    return nrd_projection_find(&of->rows, &of->options, of->point, of->out, err);
}

#endif
