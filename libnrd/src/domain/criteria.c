/* A criteria set once it is read; criteria_read.c reads it. */

#include "criteria_private.h"

#include <inttypes.h>

#include <cjson/cJSON.h>

#include "status_private.h"

void
nrd_criteria_free(nrd_criteria *set)
{
    if (set == NULL) {
        return;
    }
    cJSON_Delete(set->root);
    nrdi_free(set->criteria);
    nrdi_free(set->indicators);
    nrdi_free(set->items);
    nrdi_free((void *) set->places);
    nrdi_free(set);
}

const char *
nrd_criteria_id(const nrd_criteria *set)
{
    return set->id;
}

const char *
nrd_criteria_decision(const nrd_criteria *set)
{
    return set->decision;
}

const char *
nrd_criteria_date(const nrd_criteria *set)
{
    return set->date;
}

const char *
nrd_criteria_level(const nrd_criteria *set)
{
    return set->level;
}

const char *
nrd_criteria_tier(const nrd_criteria *set)
{
    return set->tier;
}

const char *
nrd_criteria_period(const nrd_criteria *set)
{
    return set->period;
}

size_t
nrd_criteria_count(const nrd_criteria *set)
{
    return set->count;
}

int32_t
nrd_criteria_number(const nrd_criteria *set, size_t index)
{
    return index < set->count ? set->criteria[index].number : 0;
}

const char *
nrd_criteria_name_en(const nrd_criteria *set, size_t index)
{
    return index < set->count ? set->criteria[index].name_en : NULL;
}

const char *
nrd_criteria_name_vi(const nrd_criteria *set, size_t index)
{
    return index < set->count ? set->criteria[index].name_vi : NULL;
}

const char *
nrd_criteria_group(const nrd_criteria *set, size_t index)
{
    return index < set->count ? set->criteria[index].group : NULL;
}

nrd_status
nrd_criteria_find(
    const nrd_criteria *set, int32_t number, size_t *index_out, nrd_error *err)
{
    if (set == NULL || index_out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "set or index_out is NULL");
    }
    for (size_t i = 0; i < set->count; i++) {
        if (number > 0 && set->criteria[i].number == number) {
            *index_out = i;
            return NRD_OK;
        }
    }
    return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
        "found criterion number %" PRId32 ", expected one of the %zu in the set", number,
        set->count);
}

size_t
nrd_criteria_indicator_count(const nrd_criteria *set, size_t index)
{
    return index < set->count ? set->criteria[index].count : 0;
}

nrd_status
nrd_criteria_indicator(const nrd_criteria *set, size_t index, size_t indicator,
    nrd_indicator *out, nrd_error *err)
{
    if (set == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "set or out is NULL");
    }
    if (index >= set->count) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found criterion index %zu, expected one below %zu", index, set->count);
    }
    if (indicator >= set->criteria[index].count) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found indicator index %zu, expected one below %zu", indicator,
            set->criteria[index].count);
    }
    *out = set->indicators[set->criteria[index].first + indicator];
    return NRD_OK;
}
