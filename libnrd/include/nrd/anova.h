#ifndef NRD_ANOVA_H
#define NRD_ANOVA_H

#include <nrd/moments.h>
#include <nrd/status.h>

/* cffi: begin */

/** One-way analysis of variance: sums of squares, each within 1 ulp. */
typedef struct {
    uint64_t groups; /* groups with rows */
    uint64_t rows;
    double between;      /* sum of squares between groups */
    double within;       /* sum of squares within groups */
    double mean_between; /* between / (groups - 1) */
    double mean_within;  /* within / (rows - groups) */
    double f;            /* mean_between / mean_within */
    double r_squared;    /* between / (between + within) */
    double residual_sd;  /* square root of mean_within */
} nrd_anova;

/**
 * One-way analysis of variance of a column over the groups, without weights.
 *
 * @param[in]  state  a state that keeps at least variances, without weights
 * @param[in]  column the column
 * @param[out] out    the analysis; f is infinite where there is no variance within groups;
 *                    written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    a pointer is NULL
 * @retval NRD_E_UNKNOWN no such column
 * @retval NRD_E_DOMAIN  weights, or means only; fewer than 2 groups with rows; no more rows
 *                       than groups; or all values are the same
 */
NRD_API NRD_NODISCARD nrd_status nrd_moments_anova(
    const nrd_moments *state, size_t column, nrd_anova *out, nrd_error *err);

/* cffi: end */

#endif
