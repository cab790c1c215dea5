#include <nrd/gap.h>

#include <inttypes.h>

#include "attainment_private.h"
#include "decimal_private.h"
#include "status_private.h"

/* Units still needed to go from `met` to `target`, and the same in points of the share. */
static void
gap_to(uint64_t met, uint64_t target, size_t units, uint64_t *need, double *points)
{
    *need = target > met ? target - met : 0;
    *points = nrdi_ratio_to_double((nrdi_int128) *need * 100, (nrdi_int128) units);
}

static void
gap_of(const nrd_attainment *matrix, size_t c, uint64_t target, nrd_gap *out)
{
    const size_t units = matrix->units;
    uint64_t low, high;

    nrdi_attainment_count_criterion(matrix, c, &low, &high);
    out->short_low = units - high;
    out->short_high = units - low;
    gap_to(high, target, units, &out->need_low, &out->points_low);
    gap_to(low, target, units, &out->need_high, &out->points_high);
}

nrd_status
nrd_gap_criteria(const nrd_attainment *matrix, const uint64_t *target_units, nrd_gap *out,
    size_t n, nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, target_units, out, n, matrix != NULL ? matrix->criteria : 0, err));
    if (matrix->units == 0) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "there are no units, expected one or more");
    }
    for (size_t c = 0; c < n; c++) {
        if (target_units[c] > matrix->units) {
            return nrdi_fail(err, NRD_E_DOMAIN, c,
                "the target is %" PRIu64 " units, expected at most %zu", target_units[c],
                matrix->units);
        }
    }
    for (size_t c = 0; c < n; c++) {
        gap_of(matrix, c, target_units[c], &out[c]);
    }
    return NRD_OK;
}
