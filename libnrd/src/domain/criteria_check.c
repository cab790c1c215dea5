/* What a criteria set may ask, where and when: its places, levels, rules and amendments. */

#include "criteria_private.h"

#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    TEXT = cJSON_String,
    NUMBER = cJSON_Number,
    NOTHING = cJSON_NULL,
    LIST = cJSON_Array,
    OBJECT = cJSON_Object,
    LEVEL = TEXT | NUMBER | NOTHING | OBJECT
};

static const nrdi_json_field threshold_fields[] = {{"general", LEVEL, true},
    {"by_region", OBJECT | NOTHING, false}, {"by_group", OBJECT | NOTHING, false},
    {"by_year", OBJECT | NOTHING, false}};

static const nrdi_json_field region_fields[] = {
    {"id", TEXT, true}, {"name_en", TEXT, false}, {"name_vi", TEXT, false}};

static const nrdi_json_field group_fields[] = {
    {"id", TEXT, true}, {"definition_en", TEXT, false}, {"definition_vi", TEXT, false}};

static const nrdi_json_field special_fields[] = {
    {"rule", TEXT, true}, {"apply_region", TEXT, true}, {"source", LIST, true}};

static const nrdi_json_field amendment_fields[] = {{"decision", TEXT, true},
    {"date", TEXT, true}, {"effective", TEXT, false}, {"scope", TEXT, true},
    {"indicator_level_changes", LIST | NOTHING, false}, {"note", TEXT, false},
    {"source", LIST, true}};

static const nrdi_json_field change_fields[] = {{"id", TEXT, true},
    {"thresholds", OBJECT, true}, {"status", TEXT, true}, {"source", LIST, true}};

static const nrdi_json_shape threshold_shape = {
    "thresholds object", COUNT(threshold_fields), threshold_fields};
/* The levels of one year have no years of their own. */
static const nrdi_json_shape year_shape = {
    "year object", COUNT(threshold_fields) - 1, threshold_fields};
static const nrdi_json_shape region_shape = {"region", COUNT(region_fields), region_fields};
static const nrdi_json_shape group_shape = {
    "commune group", COUNT(group_fields), group_fields};
static const nrdi_json_shape special_shape = {
    "special rule", COUNT(special_fields), special_fields};
static const nrdi_json_shape amendment_shape = {
    "amendment", COUNT(amendment_fields), amendment_fields};
static const nrdi_json_shape change_shape = {"change", COUNT(change_fields), change_fields};

static const char *const status_names[] = {"verified", "partial", "name_only", "missing"};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool
has_place(const nrd_criteria *set, const char *id)
{
    for (size_t i = 0; i < set->place_count; i++) {
        if (strcmp(set->places[i], id) == 0) {
            return true;
        }
    }
    return false;
}

nrd_status
nrdi_criteria_read_places(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *groups = get(json->root, "commune_groups");
    const bool has_groups = cJSON_GetArraySize(groups) > 0;
    const cJSON *list = has_groups ? groups : get(json->root, "regions");
    const cJSON *node;

    if (has_groups && cJSON_GetArraySize(get(json->root, "regions")) > 0) {
        return nrdi_json_fail(json, groups, err, NRD_E_DOMAIN,
            "found commune groups beside regions, expected one of the two");
    }
    set->by_place = has_groups ? "by_group" : "by_region";
    set->places = nrdi_malloc((size_t) cJSON_GetArraySize(list), sizeof *set->places);
    if (set->places == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the places");
    }
    cJSON_ArrayForEach(node, list)
    {
        const char *id;

        NRDI_TRY(nrdi_json_check_shape(
            json, node, has_groups ? &group_shape : &region_shape, err));
        id = cJSON_GetStringValue(get(node, "id"));
        if (has_place(set, id) || strcmp(id, "general") == 0) {
            return nrdi_json_fail_value(json, get(node, "id"), err, NRD_E_DUPLICATE,
                "an id that no place before has, and not general");
        }
        set->places[set->place_count++] = id;
    }
    return NRD_OK;
}

/* A level of one item: what its rule and its unit of measure allow. */
static nrd_status
check_level(const nrdi_json *json, const cJSON *node, const nrd_item *item, nrd_error *err)
{
    const double value = node->valuedouble;

    if (cJSON_IsNull(node) ||
        (cJSON_IsString(node) && strcmp(node->valuestring, "provincial") == 0)) {
        return NRD_OK;
    }
    if (item->rule == NRD_RULE_PROVINCIAL) {
        return nrdi_json_fail_value(
            json, node, err, NRD_E_DOMAIN, "provincial or null, as the rule is provincial");
    }
    if (item->rule == NRD_RULE_MET) {
        return cJSON_IsString(node) && strcmp(node->valuestring, "met") == 0
                   ? NRD_OK
                   : nrdi_json_fail_value(json, node, err, NRD_E_DOMAIN,
                         "met, provincial or null, as the rule is met");
    }
    if (!cJSON_IsNumber(node)) {
        return nrdi_json_fail_value(json, node, err, NRD_E_DOMAIN,
            "a number, provincial or null, as the rule is ge or le");
    }
    if (value < item->low || value > item->high ||
        (item->is_whole && value != floor(value))) {
        return nrdi_json_fail_value(
            json, node, err, NRD_E_DOMAIN, "a level that the unit of measure can have");
    }
    return NRD_OK;
}

/* The levels of some or all parts, by their ids. */
static nrd_status
check_parts(const nrdi_json *json, const cJSON *node, const nrdi_item *items, size_t n,
    nrd_error *err)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, node)
    {
        size_t i = 0;

        while (i < n && strcmp(items[i].about.part, child->string) != 0) {
            i++;
        }
        if (i == n) {
            return nrdi_json_fail(json, child, err, NRD_E_UNKNOWN,
                "found a level of a part that the indicator does not list");
        }
        NRDI_TRY(check_level(json, child, &items[i].about, err));
    }
    return NRD_OK;
}

static nrd_status
check_cell(const nrdi_json *json, const cJSON *node, const nrdi_item *items, size_t n,
    nrd_error *err)
{
    NRDI_TRY(nrdi_json_check_kind(json, node, LEVEL, err));
    if (items[0].about.part == NULL || cJSON_IsNull(node) ||
        (cJSON_IsString(node) && strcmp(node->valuestring, "provincial") == 0)) {
        return check_level(json, node, &items[0].about, err);
    }
    if (!cJSON_IsObject(node) || cJSON_GetArraySize(node) == 0) {
        return nrdi_json_fail_value(json, node, err, NRD_E_DOMAIN,
            "an object with a level for each part, as the rule is all");
    }
    return check_parts(json, node, items, n, err);
}

/* The general level and those of places: of all years, or of one. */
static nrd_status
check_table(const nrdi_json *json, const cJSON *table, const nrd_criteria *set,
    const nrdi_item *items, size_t n, nrd_error *err)
{
    const char *other = strcmp(set->by_place, "by_group") == 0 ? "by_region" : "by_group";
    const cJSON *place;

    NRDI_TRY(check_cell(json, get(table, "general"), items, n, err));
    if (cJSON_IsObject(get(table, other))) {
        return nrdi_json_fail(json, get(table, other), err, NRD_E_UNKNOWN,
            "found levels by places that the set does not have, expected %s",
            set->by_place);
    }
    cJSON_ArrayForEach(place, get(table, set->by_place))
    {
        if (!has_place(set, place->string)) {
            return nrdi_json_fail(json, place, err, NRD_E_UNKNOWN,
                "found a level for a place that the set does not list");
        }
        if (!cJSON_IsString(place) || strcmp(place->valuestring, "as general") != 0) {
            NRDI_TRY(check_cell(json, place, items, n, err));
        }
    }
    return NRD_OK;
}

static bool
is_year(const char *text, const nrd_criteria *set)
{
    int32_t year = 0;

    if (strlen(text) != 4 || strspn(text, "0123456789") != 4) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        year = year * 10 + text[i] - '0';
    }
    return year >= set->first_year && year <= set->last_year;
}

nrd_status
nrdi_criteria_check_levels(const nrdi_json *json, const cJSON *thresholds,
    const nrd_criteria *set, const nrdi_item *items, size_t n, nrd_error *err)
{
    const cJSON *year;

    NRDI_TRY(nrdi_json_check_shape(json, thresholds, &threshold_shape, err));
    NRDI_TRY(check_table(json, thresholds, set, items, n, err));
    cJSON_ArrayForEach(year, get(thresholds, "by_year"))
    {
        NRDI_TRY(nrdi_json_check_kind(json, year, OBJECT | NOTHING, err));
        if (!is_year(year->string, set)) {
            return nrdi_json_fail(json, year, err, NRD_E_DOMAIN,
                "found levels of a year outside %s, expected a year of the period",
                set->period);
        }
        if (cJSON_IsObject(year)) {
            NRDI_TRY(nrdi_json_check_shape(json, year, &year_shape, err));
            NRDI_TRY(check_table(json, year, set, items, n, err));
        }
    }
    return NRD_OK;
}

static nrd_status
check_date(const nrdi_json *json, const cJSON *node, nrd_error *err)
{
    return node == NULL || nrdi_criteria_day(node->valuestring) > 0
               ? NRD_OK
               : nrdi_json_fail_value(
                     json, node, err, NRD_E_PARSE, "a date such as 2022-03-08");
}

static nrd_status
check_change(
    const nrdi_json *json, const cJSON *node, const nrd_criteria *set, nrd_error *err)
{
    const char *id;
    size_t status;
    size_t first = 0;
    size_t n = 0;

    NRDI_TRY(nrdi_json_check_shape(json, node, &change_shape, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(node, "status"), status_names, COUNT(status_names), &status, err));
    id = cJSON_GetStringValue(get(node, "id"));
    while (first < set->item_count && strcmp(set->items[first].about.indicator, id) != 0) {
        first++;
    }
    while (first + n < set->item_count &&
           set->items[first + n].indicator == set->items[first].indicator) {
        n++;
    }
    if (n == 0) {
        return nrdi_json_fail_value(
            json, get(node, "id"), err, NRD_E_UNKNOWN, "the id of an indicator of the set");
    }
    return nrdi_criteria_check_levels(
        json, get(node, "thresholds"), set, &set->items[first], n, err);
}

static nrd_status
check_amendment(
    const nrdi_json *json, const cJSON *node, const nrd_criteria *set, nrd_error *err)
{
    const cJSON *change;

    NRDI_TRY(nrdi_json_check_shape(json, node, &amendment_shape, err));
    NRDI_TRY(check_date(json, get(node, "date"), err));
    NRDI_TRY(check_date(json, get(node, "effective"), err));
    cJSON_ArrayForEach(change, get(node, "indicator_level_changes"))
    {
        NRDI_TRY(check_change(json, change, set, err));
    }
    return NRD_OK;
}

nrd_status
nrdi_criteria_check_changes(const nrdi_json *json, const nrd_criteria *set, nrd_error *err)
{
    const cJSON *node;

    NRDI_TRY(check_date(json, get(json->root, "effective"), err));
    cJSON_ArrayForEach(node, get(json->root, "special_rules"))
    {
        NRDI_TRY(nrdi_json_check_shape(json, node, &special_shape, err));
        if (!has_place(set, cJSON_GetStringValue(get(node, "apply_region")))) {
            return nrdi_json_fail_value(json, get(node, "apply_region"), err, NRD_E_UNKNOWN,
                "the id of a region of the set");
        }
    }
    cJSON_ArrayForEach(node, get(json->root, "amended_by"))
    {
        NRDI_TRY(check_amendment(json, node, set, err));
    }
    return NRD_OK;
}
