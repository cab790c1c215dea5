/* The kernels of exact sums for AVX2; compiled with -mavx2 -mfma. */
#include <immintrin.h>

#define NRDI_WIDTH 4
#define NRDI_NAME "avx2"
#define NRDI_KERNELS nrdi_kernels_avx2
#define NRDI_RANDOM_BLOCKS NULL
#define NRDI_FMA(a, b, c)                                                                  \
    ((vector) _mm256_fmadd_pd((__m256d) (a), (__m256d) (b), (__m256d) (c)))
#define NRDI_EXACT_FMA NRDI_FMA
#define NRDI_LESS(a, b) ((vector) _mm256_min_pd((__m256d) (a), (__m256d) (b)))
#define NRDI_MORE(a, b) ((vector) _mm256_max_pd((__m256d) (a), (__m256d) (b)))

#include "exact_kernel.h"
