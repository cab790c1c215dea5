#ifndef NRDI_DECIMAL_PRIVATE_H
#define NRDI_DECIMAL_PRIVATE_H

#include <nrd/decimal.h>

/* Wide enough for any unscaled number times 10^9 times 1000. */
__extension__ typedef __int128 nrdi_int128;
__extension__ typedef unsigned __int128 nrdi_uint128;

/* 10^exponent for an exponent from 0 to 18. */
int64_t nrdi_power_of_ten(int32_t exponent);

/* NRD_E_DOMAIN where the scale of a number is outside 0 to 9. */
nrd_status nrdi_decimal_check(nrd_decimal value, size_t row, nrd_error *err);

/* Largest scale among n numbers that were checked; 0 for none. */
int32_t nrdi_decimal_scale(const nrd_decimal *values, size_t n);

/* A number in units of 10^-scale, which is not less than its own scale. 128 bits hold the
 * sum of 2^33 of them. */
nrdi_int128 nrdi_decimal_units(nrd_decimal value, int32_t scale);

/* A sum of such units as a number; 0, and nothing written, where it does not fit 63 bits.
 */
int nrdi_decimal_from_units(nrdi_int128 units, int32_t scale, nrd_decimal *out);

/* numerator / denominator as the nearest double, ties to even; denominator > 0 and both
 * below 2^126 in size. */
double nrdi_ratio_to_double(nrdi_int128 numerator, nrdi_int128 denominator);

#endif
