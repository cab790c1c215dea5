/* The kernels of robust covariances for any processor. */
#define NRDI_KERNELS nrdi_fitted_plain

#include "sandwich_kernel.h"
