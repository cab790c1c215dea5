/* The kernels of robust covariances for AVX2; compiled with -mavx2 -mfma. */
#define NRDI_KERNELS nrdi_fitted_fma

#include "sandwich_kernel.h"
