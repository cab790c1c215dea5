#include <nrd/gap_distance.h>

#include <math.h>

#include "criteria_private.h"
#include "gap_private.h"
#include "status_private.h"

#define DOUBLES_END (INT64_C(1) << 53)

/* A level for items that follow from others: any will do, as they are all or nothing. */
static nrdi_int128
level_of(const nrdi_gap_item *item, size_t row)
{
    return item->values != NULL
               ? item->levels[nrdi_gap_place(item->in, item->set->place_count, row)].units
               : nrdi_power_of_ten(item->scale);
}

/* Whole numbers below 2^53 are doubles, and a quotient of doubles is rounded once. */
static double
quotient(nrdi_int128 a, nrdi_int128 b)
{
    if (a < DOUBLES_END && b < DOUBLES_END) {
        return (double) (int64_t) a / (double) (int64_t) b;
    }
    return nrdi_ratio_to_double(a, b);
}

static double
divided(nrdi_int128 distance, nrdi_int128 level)
{
    return level > 0 ? quotient(distance, level) : (double) INFINITY;
}

static void
write_item(const nrdi_gap_item *item, double *distance_out, double *relative_out)
{
    const nrdi_int128 one = nrdi_power_of_ten(item->scale);

    for (size_t i = 0; i < item->in->rows; i++) {
        const int8_t decision = item->decisions[i];
        const double plain = decision == NRD_DECISION_MET ? 0.0 : (double) NAN;

        distance_out[i] = plain;
        relative_out[i] = plain;
        if (nrdi_gap_is_unmet(decision)) {
            const nrdi_int128 level = level_of(item, i);
            const nrdi_int128 distance = nrdi_gap_distance(item, i, level);

            distance_out[i] = quotient(distance, one);
            relative_out[i] = distance > 0 ? divided(distance, level) : 0.0;
        }
    }
}

nrd_status
nrd_gap_distances(const nrd_criteria *set, const nrd_measurements *in,
    const int8_t *decisions, double *distance_out, double *relative_out, nrd_error *err)
{
    nrdi_gap_item item = {0};
    nrd_status status;

    if (set == NULL || in == NULL || decisions == NULL || distance_out == NULL ||
        relative_out == NULL || in->place == NULL || in->when == NULL || in->days == NULL ||
        in->values == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "an argument or array is NULL");
    }
    status = nrdi_gap_open(set, in, decisions, &item, err);
    for (size_t j = 0; status == NRD_OK && j < set->item_count; j++) {
        const size_t first = j * in->rows;

        status = nrdi_gap_read(&item, j, decisions, err);
        if (status == NRD_OK) {
            write_item(&item, distance_out + first, relative_out + first);
        }
    }
    nrdi_gap_close(&item);
    return status;
}
