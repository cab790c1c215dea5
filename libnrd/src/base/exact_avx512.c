/* The kernels of exact sums for AVX-512; compiled with -mavx512f -mfma. */
#include <immintrin.h>

#define NRDI_WIDTH 8
#define NRDI_NAME "avx512"
#define NRDI_KERNELS nrdi_kernels_avx512
#define NRDI_RANDOM_BLOCKS nrdi_random_blocks_avx512
#define NRDI_FMA(a, b, c)                                                                  \
    ((vector) _mm512_fmadd_pd((__m512d) (a), (__m512d) (b), (__m512d) (c)))
#define NRDI_EXACT_FMA NRDI_FMA
#define NRDI_LESS(a, b) ((vector) _mm512_min_pd((__m512d) (a), (__m512d) (b)))
#define NRDI_MORE(a, b) ((vector) _mm512_max_pd((__m512d) (a), (__m512d) (b)))

#include "exact_kernel.h"
