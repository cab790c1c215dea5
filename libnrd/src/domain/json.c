/* The tree of a JSON text and what a format asks of it; json_scan.c holds the grammar. */

#include "json_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/* A message has no room for more keys. */
#define LISTED_KEYS 11

static int
compare_names(const void *left, const void *right)
{
    const nrdi_json_name *a = left;
    const nrdi_json_name *b = right;
    const int order = strcmp(a->name, b->name);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

const nrdi_json_name *
nrdi_json_repeated(nrdi_json_name *names, size_t n)
{
    const nrdi_json_name *first = NULL;

    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(names[i].name, names[i - 1].name) == 0 &&
            (first == NULL || names[i].order < first->order)) {
            first = &names[i];
        }
    }
    return first;
}

static nrd_status
check_keys(const nrdi_json *json, const cJSON *object, nrd_error *err)
{
    nrdi_json_name *names = nrdi_malloc((size_t) cJSON_GetArraySize(object), sizeof *names);
    const nrdi_json_name *repeated;
    const cJSON *child;
    nrd_status status = NRD_OK;
    size_t n = 0;

    if (names == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the keys");
    }
    cJSON_ArrayForEach(child, object)
    {
        names[n] = (nrdi_json_name){child->string, child, n};
        n++;
    }
    repeated = nrdi_json_repeated(names, n);
    if (repeated != NULL) {
        status = nrdi_json_fail(json, repeated->node, err, NRD_E_DUPLICATE,
            "found the key a second time, expected it once");
    }
    nrdi_free(names);
    return status;
}

static nrd_status
check_tree(const nrdi_json *json, const cJSON *node, nrd_error *err)
{
    const cJSON *child;

    if (cJSON_IsNumber(node) && !isfinite(node->valuedouble)) {
        return nrdi_json_fail(json, node, err, NRD_E_PARSE,
            "found a number too large, expected one that a double can hold");
    }
    if (cJSON_IsObject(node)) {
        NRDI_TRY(check_keys(json, node, err));
    }
    cJSON_ArrayForEach(child, node)
    {
        NRDI_TRY(check_tree(json, child, err));
    }
    return NRD_OK;
}

nrd_status
nrdi_json_open(const char *text, size_t length, nrdi_json *out, nrd_error *err)
{
    nrdi_json json = {text, length, NULL};
    nrd_status status;

    NRDI_TRY(nrdi_json_check(text, length, err));
    json.root = cJSON_ParseWithLengthOpts(text, length, NULL, 0);
    if (json.root == NULL) {
        return nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory left for the text");
    }
    status = check_tree(&json, json.root, err);
    if (status != NRD_OK) {
        nrdi_json_close(&json);
        return status;
    }
    *out = json;
    return NRD_OK;
}

void
nrdi_json_close(nrdi_json *json)
{
    cJSON_Delete(json->root);
    json->root = NULL;
}

/* Append as much of a UTF-8 text as fits, in whole characters, control characters as
 * question marks: a message is one line. */
static void
append(char *buffer, size_t size, const char *text)
{
    const size_t used = strlen(buffer);
    const size_t length = strlen(text);
    size_t kept = length < size - 1 - used ? length : size - 1 - used;

    while (kept > 0 && ((unsigned char) text[kept] & 0xC0) == 0x80) {
        kept--;
    }
    for (size_t i = 0; i < kept; i++) {
        const unsigned char c = (unsigned char) text[i];

        buffer[used + i] = c < ' ' || c == 0x7F ? '?' : text[i];
    }
    buffer[used + kept] = '\0';
}

/* Where a node stands: the number of its value in the text, and its path. */
typedef struct {
    size_t value;
    char path[96];
} place;

static bool
is_plain(const char *key)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

    return strspn(key, letters) == strlen(key) && strcspn(key, "0123456789") > 0;
}

static void
append_step(place *at, const cJSON *child, size_t index)
{
    char step[32];

    if (child->string == NULL) {
        (void) snprintf(step, sizeof step, "[%zu]", index);
        append(at->path, sizeof at->path, step);
        return;
    }
    append(at->path, sizeof at->path, is_plain(child->string) ? "." : "['");
    append(at->path, sizeof at->path, child->string);
    append(at->path, sizeof at->path, is_plain(child->string) ? "" : "']");
}

static bool
find_node(const cJSON *tree, const cJSON *wanted, place *at)
{
    const size_t used = strlen(at->path);
    const cJSON *child;
    size_t index = 0;

    if (tree == wanted) {
        return true;
    }
    cJSON_ArrayForEach(child, tree)
    {
        at->value++;
        append_step(at, child, index);
        if (find_node(child, wanted, at)) {
            return true;
        }
        at->path[used] = '\0';
        index++;
    }
    return false;
}

nrd_status
nrdi_json_fail(const nrdi_json *json, const cJSON *node, nrd_error *err, nrd_status status,
    const char *format, ...)
{
    place at = {0, "$"};
    char message[192];
    size_t line;
    va_list args;

    if (err == NULL) {
        return status;
    }
    va_start(args, format);
    (void) vsnprintf(message, sizeof message, format, args);
    va_end(args);
    (void) find_node(json->root, node, &at);
    line = nrdi_json_line(json->text, json->length, at.value);
    return nrdi_fail(err, status, line, "line %zu, %s: %s", line + 1, at.path, message);
}

/* Add one of n items to "a, b or c". */
static void
append_item(char *buffer, size_t size, const char *item, size_t index, size_t n)
{
    if (index > 0) {
        append(buffer, size, index + 1 < n ? ", " : " or ");
    }
    append(buffer, size, item);
}

static void
describe_kinds(int kinds, char *out, size_t size)
{
    static const struct {
        int kind;
        const char *name;
    } names[] = {{cJSON_String, "text"}, {cJSON_Number, "a number"},
        {cJSON_True | cJSON_False, "true or false"}, {cJSON_Array, "an array"},
        {cJSON_Object, "an object"}, {cJSON_NULL, "null"}};
    size_t n = 0;
    size_t used = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        n += (kinds & names[i].kind) != 0;
    }
    out[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
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
        append(out, text_end, node->valuestring);
        append(out, size, strlen(node->valuestring) + 1 < text_end ? "\"" : "...\"");
    } else if (cJSON_IsNumber(node)) {
        (void) snprintf(out, size, "%.15g", node->valuedouble);
    } else if (cJSON_IsBool(node)) {
        (void) snprintf(out, size, cJSON_IsTrue(node) ? "true" : "false");
    } else {
        describe_kinds(node->type & (cJSON_Array | cJSON_Object | cJSON_NULL), out, size);
    }
}

nrd_status
nrdi_json_fail_value(const nrdi_json *json, const cJSON *node, nrd_error *err,
    nrd_status status, const char *expected)
{
    char found[48];

    describe_value(node, found, sizeof found);
    return nrdi_json_fail(
        json, node, err, status, "found %s, expected %s", found, expected);
}

nrd_status
nrdi_json_check_kind(const nrdi_json *json, const cJSON *node, int kinds, nrd_error *err)
{
    char expected[64];

    if ((node->type & kinds) != 0) {
        return NRD_OK;
    }
    describe_kinds(kinds, expected, sizeof expected);
    return nrdi_json_fail_value(json, node, err, NRD_E_PARSE, expected);
}

static nrd_status
check_key(
    const nrdi_json *json, const cJSON *child, const nrdi_json_shape *shape, nrd_error *err)
{
    char expected[128] = "";

    for (size_t i = 0; i < shape->count; i++) {
        if (strcmp(child->string, shape->fields[i].key) == 0) {
            return nrdi_json_check_kind(json, child, shape->fields[i].kinds, err);
        }
        append_item(expected, sizeof expected, shape->fields[i].key, i, shape->count);
    }
    if (shape->count > LISTED_KEYS) {
        return nrdi_json_fail(json, child, err, NRD_E_PARSE,
            "found an unknown key, expected one of the %zu that every %s may have",
            shape->count, shape->name);
    }
    return nrdi_json_fail(
        json, child, err, NRD_E_PARSE, "found an unknown key, expected %s", expected);
}

nrd_status
nrdi_json_check_shape(
    const nrdi_json *json, const cJSON *node, const nrdi_json_shape *shape, nrd_error *err)
{
    const cJSON *child;

    NRDI_TRY(nrdi_json_check_kind(json, node, cJSON_Object, err));
    for (size_t i = 0; i < shape->count; i++) {
        const nrdi_json_field *wanted = &shape->fields[i];

        if (wanted->required &&
            cJSON_GetObjectItemCaseSensitive(node, wanted->key) == NULL) {
            return nrdi_json_fail(json, node, err, NRD_E_PARSE,
                "found no key \"%s\", expected it in every %s", wanted->key, shape->name);
        }
    }
    cJSON_ArrayForEach(child, node)
    {
        NRDI_TRY(check_key(json, child, shape, err));
    }
    return NRD_OK;
}

nrd_status
nrdi_json_choose(const nrdi_json *json, const cJSON *node, const char *const *names,
    size_t n, size_t *out, nrd_error *err)
{
    char expected[64] = "";

    for (size_t i = 0; i < n; i++) {
        if (strcmp(node->valuestring, names[i]) == 0) {
            *out = i;
            return NRD_OK;
        }
        append_item(expected, sizeof expected, names[i], i, n);
    }
    return nrdi_json_fail_value(json, node, err, NRD_E_DOMAIN, expected);
}
