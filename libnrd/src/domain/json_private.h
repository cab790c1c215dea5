#ifndef NRDI_JSON_PRIVATE_H
#define NRDI_JSON_PRIVATE_H

#include <stdbool.h>

#include "status_private.h"

struct cJSON;

/* A JSON text with its tree; the text is kept because the nodes carry no positions. */
typedef struct {
    const char *text; /* belongs to the caller, length bytes */
    size_t length;
    struct cJSON *root;
} nrdi_json;

/* A name, the node it stands for and its place in the text, counted from 0. */
typedef struct {
    const char *name;
    const struct cJSON *node;
    size_t order;
} nrdi_json_name;

/* A key of an object, and the kinds its value may have: type flags of cJSON, or-ed. */
typedef struct {
    const char *key;
    int kinds;
    bool required;
} nrdi_json_field;

typedef struct {
    const char *name; /* what such an object is called in a message */
    size_t count;
    const nrdi_json_field *fields;
} nrdi_json_shape;

/* Hold a text to RFC 8259 and UTF-8, with at most 64 levels, numbers of at most 63
 * characters and no NUL; NRD_E_PARSE. */
NRD_NODISCARD nrd_status nrdi_json_check(const char *text, size_t length, nrd_error *err);

/* Line, counted from 0, on which a value begins; values are counted from 0 in the order of
 * the text, the outermost first. The text has passed nrdi_json_check. */
size_t nrdi_json_line(const char *text, size_t length, size_t value);

/* Read a text that passes nrdi_json_check, with no key twice in an object and only numbers
 * that a double can hold. Release with nrdi_json_close. Statuses: NRD_E_PARSE,
 * NRD_E_DUPLICATE, NRD_E_MEMORY. */
NRD_NODISCARD nrd_status nrdi_json_open(
    const char *text, size_t length, nrdi_json *out, nrd_error *err);

/* Release the tree; it may be NULL. */
void nrdi_json_close(nrdi_json *json);

/* Fail because of a node of the tree; the line on which it begins and its path come
 * before the message. */
nrd_status nrdi_json_fail(const nrdi_json *json, const struct cJSON *node, nrd_error *err,
    nrd_status status, const char *format, ...) NRDI_PRINTF(5, 6);

/* Sort the names, and return the first of the text that had occurred before it, or NULL. */
const nrdi_json_name *nrdi_json_repeated(nrdi_json_name *names, size_t n);

/* Fail as nrdi_json_fail does, and say which value the node has. */
nrd_status nrdi_json_fail_value(const nrdi_json *json, const struct cJSON *node,
    nrd_error *err, nrd_status status, const char *expected);

/* Check that a node has one of the kinds; NRD_E_PARSE. */
NRD_NODISCARD nrd_status nrdi_json_check_kind(
    const nrdi_json *json, const struct cJSON *node, int kinds, nrd_error *err);

/* Check that a node is an object of the shape: what is missing, then each key;
 * NRD_E_PARSE. */
NRD_NODISCARD nrd_status nrdi_json_check_shape(const nrdi_json *json,
    const struct cJSON *node, const nrdi_json_shape *shape, nrd_error *err);

/* Index of a text node among n names; NRD_E_DOMAIN. */
NRD_NODISCARD nrd_status nrdi_json_choose(const nrdi_json *json, const struct cJSON *node,
    const char *const *names, size_t n, size_t *out, nrd_error *err);

#endif
