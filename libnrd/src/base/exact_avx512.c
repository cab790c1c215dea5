/* The kernels of exact sums for AVX-512; compiled with -mavx512f -mfma. */
#define NRDI_WIDTH 8
#define NRDI_NAME "avx512"
#define NRDI_KERNELS nrdi_kernels_avx512
#include "exact_kernel.h"
