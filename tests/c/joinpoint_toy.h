#ifndef NRD_TEST_JOINPOINT_TOY_H
#define NRD_TEST_JOINPOINT_TOY_H

/* Many series that are made, for what no reference is needed for. */

#include "support.h"

#include <nrd/joinpoint.h>
#include <nrd/random.h>

#define MANY 40

static const nrd_joinpoint_options usual = {.rule = NRD_JOINPOINT_GIVEN,
    .most = 1,
    .least = 3,
    .alpha = 0.05,
    .level = 0.95,
    .permutations = 999,
    .seed = 7};

/* Series of different lengths, most of them with a bend. */
typedef struct {
    double time[MANY * 14], value[MANY * 14];
    uint64_t series_rows[MANY + 1];
    nrd_joinpoint_rows rows;
} crowd;

static inline void
crowd_make(crowd *out)
{
    nrd_random rng;
    size_t row = 0;

    nrd_random_start(&rng, 3, 1, 4);
    out->series_rows[0] = 0;
    for (size_t i = 0; i < MANY; i++) {
        for (size_t r = 0; r < i % 13 + 1; r++, row++) {
            out->time[row] = 2005.0 + (double) r;
            out->value[row] = 30.0 - 2.0 * (double) r + nrd_random_normal(&rng) +
                              (r > 5 && i % 3 ? 1.7 * (double) (r - 5) : 0.0);
        }
        out->series_rows[i + 1] = row;
    }
    out->rows = (nrd_joinpoint_rows){out->time, out->value, NULL, out->series_rows, MANY};
}

#endif
