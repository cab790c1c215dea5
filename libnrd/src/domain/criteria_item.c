/* Reading an indicator of a criteria set: what is measured for it, and by which rule. */

#include "criteria_private.h"

#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    TEXT = cJSON_String,
    NUMBER = cJSON_Number,
    BOOLEAN = cJSON_True | cJSON_False,
    LIST = cJSON_Array,
    OBJECT = cJSON_Object
};

static const nrdi_json_field indicator_fields[] = {{"id", TEXT, true},
    {"description_en", TEXT, true}, {"unit", TEXT, true}, {"rule", TEXT, true},
    {"thresholds", OBJECT, true}, {"source", LIST, true}, {"status", TEXT, true},
    {"note", TEXT, false}, {"reported_locally", OBJECT, false},
    {"source_local", LIST, false}, {"strict_as_reported", BOOLEAN, false},
    {"description_vi", TEXT, false}, {"range", LIST, false},
    {"may_not_apply", BOOLEAN, false}, {"parts", LIST, false}, {"refers_to", OBJECT, false},
    {"from", TEXT, false}, {"until", TEXT, false}, {"decision", TEXT, false}};

static const nrdi_json_field part_fields[] = {{"id", TEXT, true}, {"unit", TEXT, true},
    {"rule", TEXT, true}, {"description_en", TEXT, false}, {"range", LIST, false},
    {"may_not_apply", BOOLEAN, false}, {"one_of", TEXT, false}};

static const nrdi_json_field refers_fields[] = {{"set", TEXT, true}, {"as", TEXT, true}};

static const nrdi_json_shape indicator_shape = {
    "indicator", COUNT(indicator_fields), indicator_fields};
static const nrdi_json_shape part_shape = {"part", COUNT(part_fields), part_fields};
static const nrdi_json_shape refers_shape = {
    "reference", COUNT(refers_fields), refers_fields};

/* In the order of nrd_rule, nrd_level_status and nrd_refers. */
static const char *const rule_names[] = {"ge", "le", "met", "provincial", "all"};
static const char *const status_names[] = {"verified", "partial", "name_only", "missing"};
static const char *const refers_names[] = {"unit", "share", "criteria"};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

int32_t
nrdi_criteria_day(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    int32_t day = 0;

    if (strlen(text) != strlen(form)) {
        return 0;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';

        if (form[i] == 'd' ? !digit : text[i] != '-') {
            return 0;
        }
        day = digit ? day * 10 + text[i] - '0' : day;
    }
    return day / 100 % 100 >= 1 && day / 100 % 100 <= 12 && day % 100 >= 1 &&
                   day % 100 <= 31
               ? day
               : 0;
}

size_t
nrdi_criteria_count_items(const cJSON *indicator)
{
    const cJSON *parts = get(indicator, "parts");
    const int n = cJSON_IsArray(parts) ? cJSON_GetArraySize(parts) : 0;

    return n > 0 ? (size_t) n : 1;
}

static bool
begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Values that the unit of measure allows: shares up to 100 %, whole counts, nothing below
 * zero. */
static void
set_range(nrd_item *out)
{
    const bool state = out->rule == NRD_RULE_MET;

    out->low = 0.0;
    out->high = state ? 1.0 : begins_with(out->unit, "%") ? 100.0 : (double) INFINITY;
    out->is_whole = state || begins_with(out->unit, "count") ? 1 : 0;
}

/* A range of its own, for growth and the like: two numbers, null for no end. */
static nrd_status
read_range(const nrdi_json *json, const cJSON *node, nrd_item *out, nrd_error *err)
{
    const cJSON *range = get(node, "range");
    const cJSON *low = cJSON_GetArrayItem(range, 0);
    const cJSON *high = cJSON_GetArrayItem(range, 1);

    set_range(out);
    if (range == NULL) {
        return NRD_OK;
    }
    if (cJSON_GetArraySize(range) != 2 || out->rule == NRD_RULE_MET) {
        return nrdi_json_fail(json, range, err, NRD_E_DOMAIN,
            "found a range, expected two numbers, and only where a number is measured");
    }
    NRDI_TRY(nrdi_json_check_kind(json, low, NUMBER | cJSON_NULL, err));
    NRDI_TRY(nrdi_json_check_kind(json, high, NUMBER | cJSON_NULL, err));
    out->low = cJSON_IsNumber(low) ? low->valuedouble : (double) -INFINITY;
    out->high = cJSON_IsNumber(high) ? high->valuedouble : (double) INFINITY;
    if (!(out->low < out->high)) {
        return nrdi_json_fail(
            json, range, err, NRD_E_DOMAIN, "found a range without values, expected some");
    }
    return NRD_OK;
}

static nrd_status
read_refers(const nrdi_json *json, const cJSON *node, nrd_item *out, nrd_error *err)
{
    const cJSON *refers = get(node, "refers_to");
    size_t as;

    if (refers == NULL) {
        return NRD_OK;
    }
    NRDI_TRY(nrdi_json_check_shape(json, refers, &refers_shape, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(refers, "as"), refers_names, COUNT(refers_names), &as, err));
    out->refers = (nrd_refers) (as + 1);
    out->refers_set = cJSON_GetStringValue(get(refers, "set"));
    if (out->part != NULL || out->rule == NRD_RULE_PROVINCIAL ||
        (out->refers == NRD_REFERS_SHARE) != (out->rule != NRD_RULE_MET) ||
        (out->refers == NRD_REFERS_SHARE && !begins_with(out->unit, "%"))) {
        return nrdi_json_fail(json, refers, err, NRD_E_DOMAIN,
            "found a reference that the rule or the unit of measure cannot have, expected "
            "share of a number in %%, or unit or criteria of what is met");
    }
    return NRD_OK;
}

/* What an indicator and a part have alike. */
static nrd_status
read_measure(const nrdi_json *json, const cJSON *node, nrd_item *out, nrd_error *err)
{
    const bool is_part = out->part != NULL;
    size_t rule;

    NRDI_TRY(nrdi_json_choose(
        json, get(node, "rule"), rule_names, is_part ? 3 : COUNT(rule_names), &rule, err));
    out->unit = cJSON_GetStringValue(get(node, "unit"));
    out->rule = (nrd_rule) rule;
    out->is_optional = cJSON_IsTrue(get(node, "may_not_apply")) ? 1 : 0;
    if ((out->rule == NRD_RULE_MET) != (strcmp(out->unit, "met/not met") == 0) &&
        out->rule != NRD_RULE_ALL) {
        return nrdi_json_fail_value(json, get(node, "unit"), err, NRD_E_DOMAIN,
            "\"met/not met\" where the rule is met, and only there");
    }
    return read_range(json, node, out, err);
}

static nrd_status
read_parts(const nrdi_json *json, const cJSON *node, const nrdi_item *whole,
    nrd_criteria *set, nrd_error *err)
{
    const cJSON *child;
    const size_t first = set->item_count;

    cJSON_ArrayForEach(child, get(node, "parts"))
    {
        nrdi_item *item = &set->items[set->item_count];

        NRDI_TRY(nrdi_json_check_shape(json, child, &part_shape, err));
        *item = *whole;
        item->about.part = cJSON_GetStringValue(get(child, "id"));
        for (size_t i = first; i < set->item_count; i++) {
            if (strcmp(set->items[i].about.part, item->about.part) == 0) {
                return nrdi_json_fail_value(json, get(child, "id"), err, NRD_E_DUPLICATE,
                    "an id that no part before has");
            }
        }
        NRDI_TRY(read_measure(json, child, &item->about, err));
        item->about.one_of = cJSON_GetStringValue(get(child, "one_of"));
        if (item->about.one_of != NULL && !item->about.is_optional) {
            return nrdi_json_fail(json, get(child, "one_of"), err, NRD_E_DOMAIN,
                "found one of several parts, expected may_not_apply beside it");
        }
        set->item_count++;
    }
    return NRD_OK;
}

static nrd_status
read_day(
    const nrdi_json *json, const cJSON *node, int32_t absent, int32_t *out, nrd_error *err)
{
    *out = node != NULL ? nrdi_criteria_day(node->valuestring) : absent;
    if (node != NULL && *out == 0) {
        return nrdi_json_fail_value(
            json, node, err, NRD_E_PARSE, "a date such as 2022-03-08");
    }
    return NRD_OK;
}

/* All of an indicator but its rule, its parts and its levels. */
static nrd_status
read_frame(const nrdi_json *json, const cJSON *node, nrdi_item *out, nrd_error *err)
{
    size_t status;

    NRDI_TRY(nrdi_json_check_shape(json, node, &indicator_shape, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(node, "status"), status_names, COUNT(status_names), &status, err));
    NRDI_TRY(read_day(json, get(node, "from"), NRDI_DAY_FIRST, &out->from, err));
    NRDI_TRY(read_day(json, get(node, "until"), NRDI_DAY_LAST, &out->until, err));
    out->about.indicator = cJSON_GetStringValue(get(node, "id"));
    out->about.status = (nrd_level_status) status;
    out->about.is_strict = cJSON_IsTrue(get(node, "strict_as_reported")) ? 1 : 0;
    out->thresholds = get(node, "thresholds");
    if (get(node, "decision") != NULL) {
        out->decision = cJSON_GetStringValue(get(node, "decision"));
    }
    return NRD_OK;
}

nrd_status
nrdi_criteria_read_items(const nrdi_json *json, const cJSON *node, size_t criterion,
    size_t indicator, nrd_criteria *set, nrd_error *err)
{
    const size_t first = set->item_count;
    nrdi_item item = {.indicator = indicator, .decision = set->decision};

    item.about.criterion = criterion;
    NRDI_TRY(read_frame(json, node, &item, err));
    NRDI_TRY(read_measure(json, node, &item.about, err));
    if ((item.about.rule == NRD_RULE_ALL) != (cJSON_GetArraySize(get(node, "parts")) > 0)) {
        return nrdi_json_fail(json, get(node, "rule"), err, NRD_E_DOMAIN,
            "found %s, expected the rule all where an indicator has parts, and only there",
            rule_names[item.about.rule]);
    }
    NRDI_TRY(read_refers(json, node, &item.about, err));
    if (item.about.rule == NRD_RULE_ALL) {
        NRDI_TRY(read_parts(json, node, &item, set, err));
    } else {
        set->items[set->item_count++] = item;
    }
    return nrdi_criteria_check_levels(
        json, item.thresholds, set, &set->items[first], set->item_count - first, err);
}
