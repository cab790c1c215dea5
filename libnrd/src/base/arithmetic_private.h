#ifndef NRDI_ARITHMETIC_PRIVATE_H
#define NRDI_ARITHMETIC_PRIVATE_H

#include <fenv.h>

/* Sums are without error only where doubles are rounded to nearest and subnormals are kept.
 * A process may have it otherwise: libraries built for speed alone switch subnormals off
 * for all, and threads begin as the one that made them. Between these two calls arithmetic
 * is as it should be, and afterwards as it was. */

static inline void
nrdi_arithmetic_begin(fenv_t *kept)
{
    (void) fegetenv(kept);
    (void) fesetenv(FE_DFL_ENV);
}

static inline void
nrdi_arithmetic_end(const fenv_t *kept)
{
    (void) fesetenv(kept);
}

#endif
