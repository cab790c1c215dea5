/* The kernels of exact sums in plain C: vectors of two doubles, which every 64-bit
 * processor has or does without. */
#include <math.h>

#define NRDI_WIDTH 2
#define NRDI_NAME "plain"
#define NRDI_KERNELS nrdi_kernels_plain
#define NRDI_RANDOM_BLOCKS NULL
#define NRDI_FMA(a, b, c)                                                                  \
    ((vector){fma((a)[0], (b)[0], (c)[0]), fma((a)[1], (b)[1], (c)[1])})
#define NRDI_EXACT_FMA(a, b, c) ((a) * (b) + (c)) /* nothing is rounded */
#define NRDI_LESS(a, b)                                                                    \
    ((vector){(a)[0] < (b)[0] ? (a)[0] : (b)[0], (a)[1] < (b)[1] ? (a)[1] : (b)[1]})
#define NRDI_MORE(a, b)                                                                    \
    ((vector){(a)[0] > (b)[0] ? (a)[0] : (b)[0], (a)[1] > (b)[1] ? (a)[1] : (b)[1]})

#include "exact_kernel.h"
