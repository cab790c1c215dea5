#include "json_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

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

void
nrdi_json_append(char *buffer, size_t size, const char *text)
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
        nrdi_json_append(at->path, sizeof at->path, step);
        return;
    }
    nrdi_json_append(at->path, sizeof at->path, is_plain(child->string) ? "." : "['");
    nrdi_json_append(at->path, sizeof at->path, child->string);
    nrdi_json_append(at->path, sizeof at->path, is_plain(child->string) ? "" : "']");
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
