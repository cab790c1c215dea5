#ifndef NRD_SPATIAL_H
#define NRD_SPATIAL_H

#include <nrd/status.h>

/* cffi: begin */

/** Who is next to whom: links between rows, with weights or without. */
typedef struct {
    size_t n;             /* rows, at most 2^16 */
    size_t links;         /* number of links */
    const uint32_t *from; /* row of each link, below n */
    const uint32_t *to;   /* its neighbour, below n, another row */
    const double *weight; /* finite, not negative; NULL: 1 */
} nrd_neighbours;

/** Moran's I of a column; NaN where undefined. */
typedef struct {
    double i;        /* the coefficient */
    double expected; /* its mean where values are in any order, -1 / (n - 1) */
    double variance; /* its variance then */
    double p;        /* two-sided, by the normal distribution */
    uint64_t n;      /* rows with a value */
    uint64_t alone;  /* rows among them without a neighbour that has one */
} nrd_moran;

/**
 * Moran's I: whether neighbours are alike.
 *
 * Links are taken in the direction and with the weights given; a link to a row without a
 * value is not there. Undefined where no link is left, values do not vary, or n is below 4.
 *
 * @param[in]  of     the neighbours; no link twice
 * @param[in]  values n values, NaN missing
 * @param[out] out    the result; written only on success
 * @param[out] err    reason of a failure, or NULL
 *
 * @retval NRD_E_NULL      a pointer is NULL
 * @retval NRD_E_SIZE      too many rows
 * @retval NRD_E_UNKNOWN   a link to a row that is not there; the row is that of the link
 * @retval NRD_E_DOMAIN    a link of a row with itself, a weight that is negative or not
 *                         finite, an infinity
 * @retval NRD_E_DUPLICATE a link twice
 * @retval NRD_E_MEMORY    no memory left
 *
 * Source: P. A. P. Moran, Biometrika 37 (1950) 17-23; A. D. Cliff, J. K. Ord, Spatial
 * Processes (1981), section 2.2, variance under randomization.
 */
NRD_API NRD_NODISCARD nrd_status nrd_spatial_moran(
    const nrd_neighbours *of, const double *values, nrd_moran *out, nrd_error *err);

/**
 * How many independent rows a correlation of two columns is worth whose neighbours are
 * alike: 1 + tr(B Sx) tr(B Sy) / tr(B Sx B Sy), B being the centring matrix over n and Sx,
 * Sy the covariance matrices, whose entries are the mean products of deviations over all
 * pairs of rows so many steps apart; 0 for rows that no path joins, or more than `steps`
 * apart. Directions and weights of links are not looked at.
 *
 * The test of r has this number of rows less 2 as its degrees of freedom.
 *
 * @param[in]  of    the neighbours
 * @param[in]  x     n values, NaN missing
 * @param[in]  y     likewise; a row without either is not there, nor are its links
 * @param[in]  steps most steps looked at; 0: all
 * @param[out] out   the number; NaN where x or y does not vary or there are fewer than 3
 *                   rows; may be above n; written only on success
 * @param[out] err   reason of a failure, or NULL; as above, but links may be twice
 *
 * Source: P. Clifford, S. Richardson, D. Hemon, Biometrics 45 (1989) 123-134; P. Dutilleul,
 * Biometrics 49 (1993) 305-314.
 */
NRD_API NRD_NODISCARD nrd_status nrd_spatial_effective(const nrd_neighbours *of,
    const double *x, const double *y, size_t steps, double *out, nrd_error *err);

/* cffi: end */

#endif
