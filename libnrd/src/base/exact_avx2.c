/* The kernels of exact sums for AVX2; compiled with -mavx2 -mfma. */
#define NRDI_WIDTH 4
#define NRDI_NAME "avx2"
#define NRDI_KERNELS nrdi_kernels_avx2
#include "exact_kernel.h"
