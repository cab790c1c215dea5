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
    OBJECT = cJSON_Object
};

static const nrdi_json_field set_fields[] = {{"id", TEXT, true}, {"decision", TEXT, true},
    {"date", TEXT, true}, {"level", TEXT, true}, {"tier", TEXT, true},
    {"period", TEXT, true}, {"criteria", LIST, true}, {"complete", BOOLEAN, false},
    {"regions", LIST, false}, {"commune_groups", LIST, false},
    {"preconditions", LIST, false}, {"special_rules", LIST, false},
    {"amended_by", LIST, false}, {"based_on", OBJECT, false}, {"title_en", TEXT, false},
    {"title_vi", TEXT, false}, {"source", LIST, false}, {"note", TEXT, false},
    {"effective", TEXT, false}, {"effective_source", LIST, false},
    {"replaces", LIST, false}, {"replaces_source", LIST, false},
    {"commune_groups_source", LIST, false}, {"threshold_dimension", TEXT, false},
    {"expected_counts", OBJECT, false}, {"groups", OBJECT, false},
    {"structure", OBJECT, false}, {"full_text_elsewhere", LIST, false},
    {"rule_legend", OBJECT, false}, {"status_legend", OBJECT, false},
    {"threshold_legend", OBJECT, false}, {"reading_note", TEXT, false},
    {"completeness", OBJECT, false}};

static const nrdi_json_field criterion_fields[] = {{"number", NUMBER | NOTHING, true},
    {"name_en", TEXT, true}, {"name_vi", TEXT | NOTHING, false},
    {"group", TEXT | NOTHING, false}, {"indicators", LIST, true},
    {"name_source", LIST, false}, {"note", TEXT, false}, {"complete", BOOLEAN, false}};

static const nrdi_json_shape set_shape = {"criteria set", COUNT(set_fields), set_fields};
static const nrdi_json_shape criterion_shape = {
    "criterion", COUNT(criterion_fields), criterion_fields};

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

/* "2021-2025": two years in order. */
static bool
read_period(const char *text, int32_t *first, int32_t *last)
{
    static const char form[] = "dddd-dddd";
    int32_t years[2] = {0, 0};

    if (strlen(text) != strlen(form)) {
        return false;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';

        if (form[i] == 'd' ? !digit : text[i] != '-') {
            return false;
        }
        if (digit) {
            years[i / 5] = years[i / 5] * 10 + text[i] - '0';
        }
    }
    *first = years[0];
    *last = years[1];
    return years[0] > 0 && years[0] <= years[1];
}

static nrd_status
read_header(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *root = json->root;
    size_t level;
    size_t tier;

    if (nrdi_criteria_day(get_text(root, "date")) == 0) {
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
    set->lists_all = cJSON_IsTrue(get(root, "complete"));
    if (!read_period(set->period, &set->first_year, &set->last_year)) {
        return nrdi_json_fail_value(
            json, get(root, "period"), err, NRD_E_PARSE, "years such as 2021-2025");
    }
    return NRD_OK;
}

/* What the items of an indicator have in common, for those who ask for the whole. */
static void
describe_indicator(const cJSON *node, const nrdi_item *item, nrd_indicator *out)
{
    const cJSON *general = get(get(node, "thresholds"), "general");

    out->id = item->about.indicator;
    out->description_en = get_text(node, "description_en");
    out->unit = get_text(node, "unit");
    out->rule = item->about.part != NULL ? NRD_RULE_ALL : item->about.rule;
    out->status = item->about.status;
    out->has_general = cJSON_IsNumber(general) ? 1 : 0;
    out->general = cJSON_IsNumber(general) ? general->valuedouble : 0.0;
}

static nrd_status
read_indicator(const nrdi_json *json, const cJSON *node, nrd_criteria *set, nrd_error *err)
{
    const size_t first = set->item_count;

    NRDI_TRY(
        nrdi_criteria_read_items(json, node, set->count, set->indicator_count, set, err));
    describe_indicator(node, &set->items[first], &set->indicators[set->indicator_count]);
    set->indicator_count++;
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
    out->lists_all = cJSON_IsTrue(get(node, "complete"));
    out->first = set->indicator_count;
    cJSON_ArrayForEach(child, get(node, "indicators"))
    {
        NRDI_TRY(read_indicator(json, child, set, err));
    }
    out->count = set->indicator_count - out->first;
    set->count++;
    return NRD_OK;
}

static size_t
add_names(nrdi_json_name *names, size_t n, const cJSON *indicators)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, indicators)
    {
        names[n] = (nrdi_json_name){get_text(child, "id"), get(child, "id"), n};
        n++;
    }
    return n;
}

static nrd_status
check_ids(const nrdi_json *json, const nrd_criteria *set, nrd_error *err)
{
    nrdi_json_name *names = nrdi_malloc(set->item_count, sizeof *names);
    const nrdi_json_name *repeated;
    const cJSON *node;
    nrd_status status = NRD_OK;
    size_t n = 0;

    if (names == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the ids");
    }
    cJSON_ArrayForEach(node, get(json->root, "criteria"))
    {
        n = add_names(names, n, get(node, "indicators"));
    }
    n = add_names(names, n, get(json->root, "preconditions"));
    repeated = nrdi_json_repeated(names, n);
    if (repeated != NULL) {
        status = nrdi_json_fail_value(json, repeated->node, err, NRD_E_DUPLICATE,
            "an id that no indicator before has");
    }
    nrdi_free(names);
    return status;
}

static nrd_status
read_conditions(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *child;
    size_t indicator = set->indicator_count;

    cJSON_ArrayForEach(child, get(json->root, "preconditions"))
    {
        NRDI_TRY(nrdi_criteria_read_items(json, child, set->count, indicator, set, err));
        indicator++;
    }
    return NRD_OK;
}

/* Items and indicators that a list may turn out to have. */
static void
count_room(const cJSON *list, size_t *indicators, size_t *items)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, list)
    {
        *indicators += 1;
        *items += nrdi_criteria_count_items(child);
    }
}

static nrd_status
read_criteria(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    const cJSON *list = get(json->root, "criteria");
    const cJSON *node;
    size_t indicators = 0;
    size_t items = 0;

    cJSON_ArrayForEach(node, list)
    {
        count_room(get(node, "indicators"), &indicators, &items);
    }
    set->indicators = nrdi_malloc(indicators, sizeof *set->indicators);
    count_room(get(json->root, "preconditions"), &indicators, &items);
    set->criteria = nrdi_malloc((size_t) cJSON_GetArraySize(list), sizeof *set->criteria);
    set->items = nrdi_malloc(items, sizeof *set->items);
    if (set->criteria == NULL || set->indicators == NULL || set->items == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the criteria");
    }
    cJSON_ArrayForEach(node, list)
    {
        NRDI_TRY(read_criterion(json, node, set, err));
    }
    NRDI_TRY(read_conditions(json, set, err));
    return check_ids(json, set, err);
}

static nrd_status
read_set(const nrdi_json *json, nrd_criteria *set, nrd_error *err)
{
    NRDI_TRY(nrdi_json_check_shape(json, json->root, &set_shape, err));
    NRDI_TRY(read_header(json, set, err));
    NRDI_TRY(nrdi_criteria_read_places(json, set, err));
    NRDI_TRY(read_criteria(json, set, err));
    return nrdi_criteria_check_changes(json, set, err);
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
