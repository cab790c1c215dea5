#include <nrd/gap.h>

#include <inttypes.h>

#include "attainment_private.h"
#include "decimal_private.h"
#include "status_private.h"

#define DENOMINATOR_MAX 1000000000

/* Units still needed to bring the share of `met` to a / b, and the same in points. */
static void
gap_to(uint64_t met, uint64_t a, uint64_t b, uint64_t units, uint64_t *need, double *points)
{
    const nrdi_int128 target = (nrdi_int128) a * units;
    const nrdi_int128 short_of = target - (nrdi_int128) met * b;

    *need = 0;
    *points = 0.0;
    if (short_of > 0) {
        *need = (uint64_t) ((target + b - 1) / b) - met;
        *points = nrdi_ratio_to_double(short_of * 100, (nrdi_int128) units * b);
    }
}

static void
gap_of(const nrd_attainment *matrix, size_t c, uint64_t a, uint64_t b, nrd_gap *out)
{
    const uint64_t units = matrix->units;
    uint64_t low, high;

    nrdi_attainment_count_criterion(matrix, c, &low, &high);
    out->short_low = units - high;
    out->short_high = units - low;
    gap_to(high, a, b, units, &out->need_low, &out->points_low);
    gap_to(low, a, b, units, &out->need_high, &out->points_high);
}

static nrd_status
check_targets(
    const uint64_t *numerator, const uint64_t *denominator, size_t n, nrd_error *err)
{
    for (size_t c = 0; c < n; c++) {
        if (denominator[c] == 0 || denominator[c] > DENOMINATOR_MAX ||
            numerator[c] > denominator[c]) {
            return nrdi_fail(err, NRD_E_DOMAIN, c,
                "the target is %" PRIu64 " / %" PRIu64
                ", expected a share from 0 to 1 with a denominator up to %d",
                numerator[c], denominator[c], DENOMINATOR_MAX);
        }
    }
    return NRD_OK;
}

nrd_status
nrd_gap_criteria(const nrd_attainment *matrix, const uint64_t *numerator,
    const uint64_t *denominator, nrd_gap *out, size_t n, nrd_error *err)
{
    NRDI_TRY(nrdi_attainment_check(
        matrix, numerator, out, n, matrix != NULL ? matrix->criteria : 0, err));
    if (denominator == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "the denominators are NULL");
    }
    if (matrix->units == 0) {
        return nrdi_fail(
            err, NRD_E_DOMAIN, NRD_NO_ROW, "there are no units, expected one or more");
    }
    NRDI_TRY(check_targets(numerator, denominator, n, err));
    for (size_t c = 0; c < n; c++) {
        gap_of(matrix, c, numerator[c], denominator[c], &out[c]);
    }
    return NRD_OK;
}
