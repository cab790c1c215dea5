/* Moran's I. */

#include <nrd/dist.h>

#include <math.h>
#include <stdlib.h>

#include "spatial_private.h"
#include "status_private.h"

typedef struct {
    uint32_t from, to;
    double weight;
} link;

static int
compare_links(const void *a, const void *b)
{
    const link *x = a, *y = b;
    const int from = (x->from > y->from) - (x->from < y->from);

    return from != 0 ? from : (x->to > y->to) - (x->to < y->to);
}

/* Exact sums of powers of the deviations that are there. */
static double
sum_of_powers(const double *z, size_t n, int power)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    for (size_t i = 0; i < n; i++) {
        if (!isnan(z[i])) {
            const double square = z[i] * z[i];

            nrd_exact_add(&sum, power == 2 ? square : square * square);
        }
    }
    return nrd_exact_round(&sum);
}

/* Sums over links: of weights, of (w_ij + w_ji)^2 over 2, of squares of what comes to and
 * goes from each row; and of w z z. */
typedef struct {
    double all, both, rows, product;
} link_sums;

static double
weight_of(const link *links, size_t n, uint32_t from, uint32_t to)
{
    const link key = {from, to, 0.0};
    const link *found = bsearch(&key, links, n, sizeof *links, compare_links);

    return found != NULL ? found->weight : 0.0;
}

static link_sums
sum_links(const link *links, size_t n, const double *z, size_t rows, double *touch)
{
    nrd_exact all, both, squares, product;

    nrd_exact_init(&all);
    nrd_exact_init(&both);
    nrd_exact_init(&squares);
    nrd_exact_init(&product);
    for (size_t i = 0; i < rows; i++) {
        touch[i] = 0.0;
    }
    for (size_t k = 0; k < n; k++) {
        const double w = links[k].weight;
        const double back = weight_of(links, n, links[k].to, links[k].from);

        nrd_exact_add(&all, w);
        /* A link that has no way back counts for both. */
        nrd_exact_add(&both, (w + back) * (w + back) / (back > 0.0 ? 2.0 : 1.0));
        nrd_exact_add_product3(&product, w, z[links[k].from], z[links[k].to]);
        /* In the order of sorted links, whatever that of the caller. */
        touch[links[k].from] += w;
        touch[links[k].to] += w;
    }
    for (size_t i = 0; i < rows; i++) {
        nrd_exact_add_product(&squares, touch[i], touch[i]);
    }
    return (link_sums){nrd_exact_round(&all), nrd_exact_round(&both),
        nrd_exact_round(&squares), nrd_exact_round(&product)};
}

static void
set_moran(const link_sums *sums, const double *z, size_t rows, nrd_moran *out)
{
    const double n = (double) out->n, s0 = sums->all, s1 = sums->both, s2 = sums->rows;
    const double second = sum_of_powers(z, rows, 2) / n;
    const double peak = sum_of_powers(z, rows, 4) / n / (second * second);
    const double plain = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    const double peaked = peak * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    double half = (double) NAN;

    out->i = sums->product / (s0 * second);
    out->expected = -1.0 / (n - 1.0);
    out->variance = (plain - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) -
                    out->expected * out->expected;
    if (out->variance > 0.0 &&
        nrd_dist_normal_sf(
            fabs(out->i - out->expected) / sqrt(out->variance), &half, NULL) == NRD_OK) {
        out->p = fmin(1.0, 2.0 * half);
    }
}

/* Links between rows that have values, sorted; duplicates are refused. */
static nrd_status
list_links(
    const nrd_neighbours *of, const double *z, link *out, size_t *n_out, nrd_error *err)
{
    size_t n = 0;

    for (size_t k = 0; k < of->links; k++) {
        const double weight = of->weight != NULL ? of->weight[k] : 1.0;

        out[n] = (link){of->from[k], of->to[k], weight};
        n += weight > 0.0 && !isnan(z[of->from[k]]) && !isnan(z[of->to[k]]);
    }
    qsort(out, n, sizeof *out, compare_links);
    for (size_t k = 1; k < n; k++) {
        if (compare_links(&out[k], &out[k - 1]) == 0) {
            return nrdi_fail(err, NRD_E_DUPLICATE, NRD_NO_ROW,
                "the link of %lu and %lu is there twice", (unsigned long) out[k].from,
                (unsigned long) out[k].to);
        }
    }
    *n_out = n;
    return NRD_OK;
}

nrd_status
nrd_spatial_moran(
    const nrd_neighbours *of, const double *values, nrd_moran *out, nrd_error *err)
{
    const double nan = (double) NAN;
    nrd_moran found = {.i = nan, .expected = nan, .variance = nan, .p = nan};
    double *memory = NULL;
    link *links = NULL;
    nrd_status status;
    size_t n = 0;

    NRDI_TRY(nrdi_spatial_check(of, values, values, out, err));
    memory = nrdi_malloc(of->n + 1, 2 * sizeof *memory);
    links = nrdi_malloc(of->links + 1, sizeof *links);
    if (memory == NULL || links == NULL) {
        status = nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for the links");
        goto done;
    }
    found.n = nrdi_spatial_deviations(values, values, of->n, memory);
    status = list_links(of, memory, links, &n, err);
    if (status == NRD_OK) {
        const link_sums sums = sum_links(links, n, memory, of->n, memory + of->n);

        for (size_t i = 0; i < of->n; i++) {
            found.alone += !isnan(memory[i]) && memory[of->n + i] == 0.0;
        }
        if (n > 0 && found.n > 3 && nrdi_spatial_varies(values, values, of->n)) {
            set_moran(&sums, memory, of->n, &found);
        }
        *out = found;
    }

done:
    nrdi_free(memory);
    nrdi_free(links);
    return status;
}
