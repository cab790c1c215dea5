#include <nrd/criteria.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "json_private.h"
#include "status_private.h"

#define NUMBER_MAX 999
#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct {
    int32_t number; /* 0 where the set does not state it */
    const char *name_en;
    const char *name_vi;
    const char *group;
    size_t first; /* index of its first indicator among all of the set */
    size_t count;
} criterion;

/* All texts belong to the tree. */
struct nrd_criteria {
    cJSON *root;
    const char *id;
    const char *decision;
    const char *date;
    const char *level;
    const char *tier;
    const char *period;
    criterion *criteria;
    size_t count;
    nrd_indicator *indicators;
    size_t indicator_count;
};

/* A key of an object; kinds are cJSON's type flags. */
typedef struct {
    const char *key;
    int kinds;
    bool required;
} field;

typedef struct {
    const char *name;
    bool open; /* may have further keys */
    size_t count;
    const field *fields;
} shape;

enum {
    TEXT = cJSON_String,
    NUMBER = cJSON_Number,
    BOOLEAN = cJSON_True | cJSON_False,
    NOTHING = cJSON_NULL,
    LIST = cJSON_Array,
    OBJECT = cJSON_Object,
    LEVEL = TEXT | NUMBER | NOTHING | OBJECT
};

static const field set_fields[] = {{"id", TEXT, true}, {"decision", TEXT, true},
    {"date", TEXT, true}, {"level", TEXT, true}, {"tier", TEXT, true},
    {"period", TEXT, true}, {"criteria", LIST, true}};

static const field criterion_fields[] = {{"number", NUMBER | NOTHING, true},
    {"name_en", TEXT, true}, {"name_vi", TEXT | NOTHING, false},
    {"group", TEXT | NOTHING, false}, {"indicators", LIST, true},
    {"name_source", LIST, false}, {"note", TEXT, false}};

static const field indicator_fields[] = {{"id", TEXT, true}, {"description_en", TEXT, true},
    {"unit", TEXT, true}, {"rule", TEXT, true}, {"thresholds", OBJECT, true},
    {"source", LIST, true}, {"status", TEXT, true}, {"note", TEXT, false},
    {"reported_locally", OBJECT, false}, {"source_local", LIST, false},
    {"strict_as_reported", BOOLEAN, false}};

static const field threshold_fields[] = {{"general", LEVEL, true},
    {"by_region", OBJECT | NOTHING, false}, {"by_year", OBJECT | NOTHING, false}};

static const shape set_shape = {"criteria set", true, COUNT(set_fields), set_fields};
static const shape criterion_shape = {
    "criterion", false, COUNT(criterion_fields), criterion_fields};
static const shape indicator_shape = {
    "indicator", false, COUNT(indicator_fields), indicator_fields};
static const shape threshold_shape = {
    "thresholds", false, COUNT(threshold_fields), threshold_fields};

/* The levels of one year have no years of their own. */
static const shape year_shape = {"year", false, 2, threshold_fields};

/* In the order of nrd_rule and nrd_level_status. */
static const char *const rule_names[] = {"ge", "le", "met", "provincial"};
static const char *const status_names[] = {"verified", "partial", "name_only", "missing"};
static const char *const level_names[] = {"commune", "district", "province"};
static const char *const tier_names[] = {"standard", "advanced", "model", "special"};

/* Add one of n items to "a, b or c". */
static void
append_item(char *buffer, size_t size, const char *item, size_t index, size_t n)
{
    if (index > 0) {
        nrdi_json_append(buffer, size, index + 1 < n ? ", " : " or ");
    }
    nrdi_json_append(buffer, size, item);
}

static void
describe_kinds(int kinds, char *out, size_t size)
{
    static const struct {
        int kind;
        const char *name;
    } names[] = {{TEXT, "text"}, {NUMBER, "a number"}, {BOOLEAN, "true or false"},
        {LIST, "an array"}, {OBJECT, "an object"}, {NOTHING, "null"}};
    size_t n = 0;
    size_t used = 0;

    for (size_t i = 0; i < COUNT(names); i++) {
        n += (kinds & names[i].kind) != 0;
    }
    out[0] = '\0';
    for (size_t i = 0; i < COUNT(names); i++) {
        if ((kinds & names[i].kind) != 0) {
            append_item(out, size, names[i].name, used++, n);
        }
    }
}

static void
describe_value(const cJSON *node, char *out, size_t size)
{
    const size_t text_end = size - 4;

    if (cJSON_IsString(node)) {
        (void) snprintf(out, size, "\"");
        nrdi_json_append(out, text_end, node->valuestring);
        nrdi_json_append(
            out, size, strlen(node->valuestring) + 1 < text_end ? "\"" : "...\"");
    } else if (cJSON_IsNumber(node)) {
        (void) snprintf(out, size, "%.17g", node->valuedouble);
    } else if (cJSON_IsBool(node)) {
        (void) snprintf(out, size, cJSON_IsTrue(node) ? "true" : "false");
    } else {
        describe_kinds(node->type & (LIST | OBJECT | NOTHING), out, size);
    }
}

static nrd_status
fail_value(const nrdi_json *json, const cJSON *node, nrd_error *err, nrd_status status,
    const char *expected)
{
    char found[48];

    describe_value(node, found, sizeof found);
    return nrdi_json_fail(
        json, node, err, status, "found %s, expected %s", found, expected);
}

static nrd_status
check_kind(const nrdi_json *json, const cJSON *node, int kinds, nrd_error *err)
{
    char expected[64];

    if ((node->type & kinds) != 0) {
        return NRD_OK;
    }
    describe_kinds(kinds, expected, sizeof expected);
    return fail_value(json, node, err, NRD_E_PARSE, expected);
}

static nrd_status
check_key(const nrdi_json *json, const cJSON *child, const shape *form, nrd_error *err)
{
    char expected[128] = "";

    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(child->string, form->fields[i].key) == 0) {
            return check_kind(json, child, form->fields[i].kinds, err);
        }
        append_item(expected, sizeof expected, form->fields[i].key, i, form->count);
    }
    if (form->open) {
        return NRD_OK;
    }
    return nrdi_json_fail(
        json, child, err, NRD_E_PARSE, "found an unknown key, expected %s", expected);
}

static nrd_status
check_shape(const nrdi_json *json, const cJSON *node, const shape *form, nrd_error *err)
{
    const cJSON *child;

    NRDI_TRY(check_kind(json, node, OBJECT, err));
    cJSON_ArrayForEach (child, node) {
        NRDI_TRY(check_key(json, child, form, err));
    }
    for (size_t i = 0; i < form->count; i++) {
        const field *wanted = &form->fields[i];

        if (wanted->required &&
            cJSON_GetObjectItemCaseSensitive(node, wanted->key) == NULL) {
            return nrdi_json_fail(json, node, err, NRD_E_PARSE,
                "found no key \"%s\", expected it in every %s", wanted->key, form->name);
        }
    }
    return NRD_OK;
}

static nrd_status
choose(const nrdi_json *json, const cJSON *node, const char *const *names, size_t n,
    size_t *out, nrd_error *err)
{
    char expected[64] = "";

    for (size_t i = 0; i < n; i++) {
        if (strcmp(node->valuestring, names[i]) == 0) {
            *out = i;
            return NRD_OK;
        }
        append_item(expected, sizeof expected, names[i], i, n);
    }
    return fail_value(json, node, err, NRD_E_DOMAIN, expected);
}
