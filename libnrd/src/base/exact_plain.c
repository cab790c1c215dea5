/* The kernels of exact sums in plain C: vectors of two doubles, which every 64-bit
 * processor has or does without. */
#define NRDI_WIDTH 2
#define NRDI_NAME "plain"
#define NRDI_KERNELS nrdi_kernels_plain
#include "exact_kernel.h"
