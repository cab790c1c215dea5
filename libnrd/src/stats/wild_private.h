#ifndef NRDI_WILD_PRIVATE_H
#define NRDI_WILD_PRIVATE_H

#include <nrd/wild.h>

#include "sandwich_private.h"

/* Nothing asks to stop more often than once in so many replicates. */
#define NRDI_WILD_BLOCK 256

/* A replicate for any value tested, d below the estimate: it is (shift + d turn) away from
 * the value tested, with the variance square + d cross + d^2 steep. */
typedef struct {
    double shift;
    double turn;
    double square;
    double cross;
    double steep;
} nrdi_replicate;

/* What the clusters of a regression add: to coefficient j by the residuals (alone), and by
 * a change of the value tested (change); to scores in orthonormal parts likewise. */
typedef struct {
    const nrd_wild_options *options;
    const nrd_regression_rows *rows;
    uint64_t group;
    size_t c; /* clusters */
    size_t k;
    const double *alone;        /* k x c */
    const double *change;       /* k x c */
    const double *score;        /* c x k */
    const double *change_score; /* k x c x k */
    const double *bread;        /* k, variances of the coefficients, up to a factor */
    uint64_t replicates;
    int enumerated;
    nrdi_replicate *replicate; /* k x replicates */
} nrdi_wild_plan;

/* Doubles that nrdi_wild_replicate needs for its own. */
size_t nrdi_wild_space(const nrdi_wild_plan *plan);

/* Compute replicates begin .. end - 1; 0 where the caller asked to stop. */
int nrdi_wild_replicate(
    const nrdi_wild_plan *plan, uint64_t begin, uint64_t end, double *space);

/* Number of equally likely sets of multipliers, at most `most` + 1. */
uint64_t nrdi_wild_sets(nrd_wild_draw draw, size_t clusters, uint64_t most);

/* p of the value d below the estimate, whose variance is as given. */
double nrdi_wild_share(const nrdi_wild_plan *plan, size_t j, double d, double variance);

/* How far below the estimate (above it, where step is negative) values are not rejected;
 * anything where the caller asked to stop. */
double nrdi_wild_reach(const nrdi_wild_plan *plan, size_t j, double step, double variance);

#endif
