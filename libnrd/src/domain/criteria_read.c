/* Reading a criteria set from JSON. */

#include "criteria_private.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "json_private.h"

#define NUMBER_MAX 999
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    TEXT = cJSON_String,
    NUMBER = cJSON_Number,
    BOOLEAN = cJSON_True | cJSON_False,
    NOTHING = cJSON_NULL,
    LIST = cJSON_Array,
    OBJECT = cJSON_Object,
    LEVEL = TEXT | NUMBER | NOTHING | OBJECT
};

static const nrdi_json_field set_fields[] = {{"id", TEXT, true}, {"decision", TEXT, true},
    {"date", TEXT, true}, {"level", TEXT, true}, {"tier", TEXT, true},
    {"period", TEXT, true}, {"criteria", LIST, true}};

static const nrdi_json_field criterion_fields[] = {{"number", NUMBER | NOTHING, true},
    {"name_en", TEXT, true}, {"name_vi", TEXT | NOTHING, false},
    {"group", TEXT | NOTHING, false}, {"indicators", LIST, true},
    {"name_source", LIST, false}, {"note", TEXT, false}};

static const nrdi_json_field indicator_fields[] = {{"id", TEXT, true},
    {"description_en", TEXT, true}, {"unit", TEXT, true}, {"rule", TEXT, true},
    {"thresholds", OBJECT, true}, {"source", LIST, true}, {"status", TEXT, true},
    {"note", TEXT, false}, {"reported_locally", OBJECT, false},
    {"source_local", LIST, false}, {"strict_as_reported", BOOLEAN, false}};

static const nrdi_json_field threshold_fields[] = {{"general", LEVEL, true},
    {"by_region", OBJECT | NOTHING, false}, {"by_year", OBJECT | NOTHING, false}};

static const nrdi_json_shape set_shape = {
    "criteria set", true, COUNT(set_fields), set_fields};
static const nrdi_json_shape criterion_shape = {
    "criterion", false, COUNT(criterion_fields), criterion_fields};
static const nrdi_json_shape indicator_shape = {
    "indicator", false, COUNT(indicator_fields), indicator_fields};
static const nrdi_json_shape threshold_shape = {
    "thresholds object", false, COUNT(threshold_fields), threshold_fields};

/* The levels of one year have no years of their own. */
static const nrdi_json_shape year_shape = {"year object", false, 2, threshold_fields};

/* In the order of nrd_rule and nrd_level_status. */
static const char *const rule_names[] = {"ge", "le", "met", "provincial"};
static const char *const status_names[] = {"verified", "partial", "name_only", "missing"};
static const char *const level_names[] = {"commune", "district", "province"};
static const char *const tier_names[] = {"standard", "advanced", "model", "special"};

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* NULL where the key is absent or null. */
static const char *
get_text(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(get(object, key));
}

static bool
is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    int month;
    int day;

    if (strlen(text) != strlen(form)) {
        return false;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';

        if (form[i] == 'd' ? !digit : text[i] != '-') {
            return false;
        }
    }
    month = (text[5] - '0') * 10 + text[6] - '0';
    day = (text[8] - '0') * 10 + text[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static nrd_status
read_header(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *root = json->root;
    size_t level;
    size_t tier;

    if (!is_date(get_text(root, "date"))) {
        return nrdi_json_fail_value(
            json, get(root, "date"), err, NRD_E_PARSE, "a date such as 2022-03-08");
    }
    NRDI_TRY(nrdi_json_choose(
        json, get(root, "level"), level_names, COUNT(level_names), &level, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(root, "tier"), tier_names, COUNT(tier_names), &tier, err));
    set->id = get_text(root, "id");
    set->decision = get_text(root, "decision");
    set->date = get_text(root, "date");
    set->level = level_names[level];
    set->tier = tier_names[tier];
    set->period = get_text(root, "period");
    return NRD_OK;
}

static nrd_status
check_regions(const nrdi_json *json, const cJSON *levels, nrd_error *err)
{
    const cJSON *region;

    cJSON_ArrayForEach(region, get(levels, "by_region"))
    {
        NRDI_TRY(nrdi_json_check_kind(json, region, LEVEL, err));
    }
    return NRD_OK;
}

static nrd_status
check_thresholds(const nrdi_json *json, const cJSON *thresholds, nrd_error *err)
{
    const cJSON *year;

    NRDI_TRY(nrdi_json_check_shape(json, thresholds, &threshold_shape, err));
    NRDI_TRY(check_regions(json, thresholds, err));
    cJSON_ArrayForEach(year, get(thresholds, "by_year"))
    {
        NRDI_TRY(nrdi_json_check_kind(json, year, OBJECT | NOTHING, err));
        if (cJSON_IsObject(year)) {
            NRDI_TRY(nrdi_json_check_shape(json, year, &year_shape, err));
            NRDI_TRY(check_regions(json, year, err));
        }
    }
    return NRD_OK;
}

static nrd_status
read_indicator(const nrdi_json *json, const cJSON *node, nrd_indicator *out, nrd_error *err)
{
    const cJSON *general;
    size_t rule;
    size_t status;

    NRDI_TRY(nrdi_json_check_shape(json, node, &indicator_shape, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(node, "rule"), rule_names, COUNT(rule_names), &rule, err));
    NRDI_TRY(nrdi_json_choose(
        json, get(node, "status"), status_names, COUNT(status_names), &status, err));
    NRDI_TRY(check_thresholds(json, get(node, "thresholds"), err));
    general = get(get(node, "thresholds"), "general");
    out->id = get_text(node, "id");
    out->description_en = get_text(node, "description_en");
    out->unit = get_text(node, "unit");
    out->rule = (nrd_rule) rule;
    out->status = (nrd_level_status) status;
    out->has_general = cJSON_IsNumber(general) ? 1 : 0;
    out->general = cJSON_IsNumber(general) ? general->valuedouble : 0.0;
    return NRD_OK;
}

/* A set may name a criterion whose number no source stated: null, read as 0. */
static nrd_status
read_number(const nrdi_json *json, const cJSON *node, const nrd_criteria *set, int32_t *out,
    nrd_error *err)
{
    const double number = cJSON_IsNumber(node) ? node->valuedouble : 0.0;

    if (cJSON_IsNull(node)) {
        *out = 0;
        return NRD_OK;
    }
    if (!(number >= 1.0 && number <= NUMBER_MAX) || number != floor(number)) {
        return nrdi_json_fail_value(
            json, node, err, NRD_E_DOMAIN, "a whole number from 1 to 999");
    }
    for (size_t i = 0; i < set->count; i++) {
        if ((double) set->criteria[i].number == number) {
            return nrdi_json_fail_value(
                json, node, err, NRD_E_DUPLICATE, "a number that no criterion before has");
        }
    }
    *out = (int32_t) number;
    return NRD_OK;
}

/* Counts grow only with what is read in full, so that they say what is in the arrays. */
static nrd_status
read_criterion(const nrdi_json *json, const cJSON *node, nrd_criteria *set, nrd_error *err)
{
    nrdi_criterion *out = &set->criteria[set->count];
    const cJSON *child;

    NRDI_TRY(nrdi_json_check_shape(json, node, &criterion_shape, err));
    NRDI_TRY(read_number(json, get(node, "number"), set, &out->number, err));
    out->name_en = get_text(node, "name_en");
    out->name_vi = get_text(node, "name_vi");
    out->group = get_text(node, "group");
    out->first = set->indicator_count;
    cJSON_ArrayForEach(child, get(node, "indicators"))
    {
        NRDI_TRY(read_indicator(json, child, &set->indicators[set->indicator_count], err));
        set->indicator_count++;
    }
    out->count = set->indicator_count - out->first;
    set->count++;
    return NRD_OK;
}

static nrd_status
check_ids(const nrdi_json *json, const nrd_criteria *set, nrd_error *err)
{
    nrdi_json_name *names = nrdi_malloc(set->indicator_count, sizeof *names);
    const nrdi_json_name *repeated;
    const cJSON *node;
    const cJSON *child;
    nrd_status status = NRD_OK;
    size_t n = 0;

    if (names == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the ids");
    }
    cJSON_ArrayForEach(node, get(json->root, "criteria"))
    {
        cJSON_ArrayForEach(child, get(node, "indicators"))
        {
            names[n] = (nrdi_json_name){set->indicators[n].id, get(child, "id"), n};
            n++;
        }
    }
    repeated = nrdi_json_repeated(names, n);
    if (repeated != NULL) {
        status = nrdi_json_fail_value(json, repeated->node, err, NRD_E_DUPLICATE,
            "an id that no indicator before has");
    }
    nrdi_free(names);
    return status;
}

static nrd_status
read_criteria(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *list = get(json->root, "criteria");
    const cJSON *node;
    size_t indicators = 0;

    cJSON_ArrayForEach(node, list)
    {
        indicators += (size_t) cJSON_GetArraySize(get(node, "indicators"));
    }
    set->criteria = nrdi_malloc((size_t) cJSON_GetArraySize(list), sizeof *set->criteria);
    set->indicators = nrdi_malloc(indicators, sizeof *set->indicators);
    if (set->criteria == NULL || set->indicators == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the criteria");
    }
    cJSON_ArrayForEach(node, list)
    {
        NRDI_TRY(read_criterion(json, node, set, err));
    }
    return check_ids(json, set, err);
}

static nrd_status
read_set(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    NRDI_TRY(nrdi_json_check_shape(json, json->root, &set_shape, err));
    NRDI_TRY(read_header(json, set, err));
    return read_criteria(json, set, err);
}

nrd_status
nrd_criteria_read(const char *text, size_t length, nrd_criteria **out, nrd_error *err)
{
    nrdi_json json;
    nrd_criteria *set;
    nrd_status status;

    if (text == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "text or out is NULL");
    }
    set = nrdi_malloc(1, sizeof *set);
    if (set == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the set");
    }
    status = nrdi_json_open(text, length, &json, err);
    if (status == NRD_OK) {
        set->root = json.root;
        status = read_set(&json, set, err);
    }
    if (status != NRD_OK) {
        nrd_criteria_free(set);
        return status;
    }
    *out = set;
    return NRD_OK;
}
