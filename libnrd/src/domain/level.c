/* The items of a criteria set, and the level of each at a place and a time. */

#include <nrd/level.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "criteria_private.h"

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool
is_text(const cJSON *node, const char *text)
{
    return cJSON_IsString(node) && strcmp(node->valuestring, text) == 0;
}

size_t
nrd_criteria_item_count(const nrd_criteria *set)
{
    return set->item_count;
}

nrd_status
nrd_criteria_item(const nrd_criteria *set, size_t index, nrd_item *out, nrd_error *err)
{
    if (set == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "set or out is NULL");
    }
    if (index >= set->item_count) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found item index %zu, expected one below %zu", index, set->item_count);
    }
    *out = set->items[index].about;
    return NRD_OK;
}

size_t
nrd_criteria_place_count(const nrd_criteria *set)
{
    return set->place_count;
}

const char *
nrd_criteria_place(const nrd_criteria *set, size_t index)
{
    return index < set->place_count ? set->places[index] : NULL;
}

int32_t
nrd_criteria_has_groups(const nrd_criteria *set)
{
    return set->place_count > 0 && strcmp(set->by_place, "by_group") == 0 ? 1 : 0;
}

int32_t
nrd_criteria_first_year(const nrd_criteria *set)
{
    return set->first_year;
}

int32_t
nrd_criteria_last_year(const nrd_criteria *set)
{
    return set->last_year;
}

int32_t
nrd_criteria_is_complete(const nrd_criteria *set)
{
    return set->lists_all ? 1 : 0;
}

int32_t
nrd_criteria_lists_all(const nrd_criteria *set, size_t index)
{
    return index < set->count && set->criteria[index].lists_all ? 1 : 0;
}

/* What is in force for an item on a day: its own levels, or those of the last amendment
 * that changed them. */
typedef struct {
    const cJSON *thresholds;
    const char *decision;
    bool is_verified;
} version;

static version
find_version(const nrd_criteria *set, const nrdi_item *item, int32_t day)
{
    version now = {
        item->thresholds, item->decision, item->about.status == NRD_LEVEL_VERIFIED};
    int32_t since = NRDI_DAY_FIRST;
    const cJSON *amendment;
    const cJSON *change;

    cJSON_ArrayForEach(amendment, get(set->root, "amended_by"))
    {
        const cJSON *effective = get(amendment, "effective");
        const int32_t from = nrdi_criteria_day(
            cJSON_GetStringValue(effective != NULL ? effective : get(amendment, "date")));

        cJSON_ArrayForEach(change, get(amendment, "indicator_level_changes"))
        {
            if (from <= day && from >= since &&
                is_text(get(change, "id"), item->about.indicator)) {
                since = from;
                now = (version){get(change, "thresholds"),
                    cJSON_GetStringValue(get(amendment, "decision")),
                    is_text(get(change, "status"), "verified")};
            }
        }
    }
    return now;
}

/* The cell of the table, or NULL where no source states it. */
static const cJSON *
find_cell(const nrd_criteria *set, const version *now, int32_t place, int32_t year)
{
    const cJSON *table = now->thresholds;
    const cJSON *years = get(table, "by_year");
    const cJSON *by_place;
    const cJSON *cell;
    char key[16];

    if (cJSON_IsObject(years)) {
        (void) snprintf(key, sizeof key, "%04" PRId32, year);
        table = get(years, key);
    }
    by_place = get(table, set->by_place);
    if (place < 0 || !cJSON_IsObject(by_place)) {
        return get(table, "general");
    }
    cell = get(by_place, set->places[place]);
    if (is_text(cell, "as general")) {
        return get(table, "general");
    }
    return (cell == NULL || cJSON_IsNull(cell)) && now->is_verified ? get(table, "general")
                                                                    : cell;
}

static nrd_level
read_level(const cJSON *cell, const char *part, const char *decision)
{
    nrd_level out = {NRD_LEVEL_KIND_UNKNOWN, 0.0, decision};

    if (part != NULL && cJSON_IsObject(cell)) {
        cell = get(cell, part);
        out.kind = cell == NULL ? NRD_LEVEL_KIND_NOT_ASKED : NRD_LEVEL_KIND_UNKNOWN;
    }
    if (cJSON_IsNumber(cell)) {
        out.kind = NRD_LEVEL_KIND_NUMBER;
        out.value = cell->valuedouble;
    } else if (cJSON_IsString(cell)) {
        out.kind = is_text(cell, "met") ? NRD_LEVEL_KIND_MET : NRD_LEVEL_KIND_PROVINCIAL;
    }
    return out;
}

nrd_status
nrd_criteria_level_on(const nrd_criteria *set, size_t item, int32_t place, int32_t day,
    nrd_level *out, nrd_error *err)
{
    const int32_t year = day / 10000;
    const nrdi_item *asked;
    version now;

    if (set == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "set or out is NULL");
    }
    if (item >= set->item_count) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found item index %zu, expected one below %zu", item, set->item_count);
    }
    if (place < -1 || (place >= 0 && (size_t) place >= set->place_count)) {
        return nrdi_fail(err, NRD_E_UNKNOWN, NRD_NO_ROW,
            "found place index %" PRId32 ", expected -1 or one below %zu", place,
            set->place_count);
    }
    if (year < set->first_year || year > set->last_year) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "found the year %" PRId32 ", expected one of %s", year, set->period);
    }
    asked = &set->items[item];
    if (day < asked->from || day > asked->until) {
        *out = (nrd_level){NRD_LEVEL_KIND_NOT_ASKED, 0.0, asked->decision};
        return NRD_OK;
    }
    now = find_version(set, asked, day);
    *out = read_level(find_cell(set, &now, place, year), asked->about.part, now.decision);
    return NRD_OK;
}
