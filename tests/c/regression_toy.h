#ifndef REGRESSION_TOY_H
#define REGRESSION_TOY_H

#include <nrd/powers.h>
#include <nrd/regression.h>

#include "moments_toy.h"

#define TOY_ROWS 64
#define TOY_GROUPS 8
#define TOY_TERMS 8

/* Room for the results of a few regressions. */
typedef struct {
    nrd_fit fit[TOY_GROUPS];
    double coefficient[TOY_GROUPS * TOY_TERMS];
    double low[TOY_GROUPS * TOY_TERMS];
    double se[TOY_GROUPS * TOY_TERMS];
    double covariance[TOY_GROUPS * TOY_TERMS * TOY_TERMS];
    double inverse[TOY_GROUPS * TOY_TERMS * TOY_TERMS];
    double factor[TOY_GROUPS * TOY_TERMS * TOY_TERMS];
    double factor_low[TOY_GROUPS * TOY_TERMS * TOY_TERMS];
    double pivot[TOY_GROUPS * TOY_TERMS];
    uint8_t combined[TOY_GROUPS * TOY_TERMS];
} toy_results;

static inline nrd_regression_results
toy_room(toy_results *found)
{
    return (nrd_regression_results){found->fit, found->coefficient, found->low, found->se,
        found->covariance, found->inverse, found->factor, found->factor_low, found->pivot,
        found->combined};
}

/* Column 0 on the terms. */
static inline nrd_regression_model
toy_model(const nrd_term *terms, size_t n, const nrd_moments *state)
{
    return (nrd_regression_model){0, terms, n, 1, NULL, nrd_moments_groups(state)};
}

#endif
