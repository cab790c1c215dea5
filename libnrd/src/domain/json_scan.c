/* The grammar of JSON, and the line on which a value stands. */

#include "json_private.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The stack must hold the deepest text; a criteria set needs ten levels. */
#define DEPTH_LIMIT 64

/* cJSON copies a number into a buffer of this size and drops the rest. */
#define NUMBER_LIMIT 63

#define NOT_WANTED SIZE_MAX

/* cJSON reads more than JSON and says no lines. So each text is held to the grammar before
 * cJSON sees it, and the same scanner finds the line of a node again: both meet the values
 * in the order of the text. */
typedef struct {
    const unsigned char *at;
    const unsigned char *end;
    size_t line;
    size_t depth;
    size_t values;
    size_t wanted; /* number of the value whose line is wanted, counted from 0 */
    size_t wanted_line;
    const char *expected; /* what the grammar wanted where it was broken */
} scanner;

static bool
refuse(scanner *scan, const char *expected)
{
    scan->expected = expected;
    return false;
}

static int
peek(const scanner *scan)
{
    return scan->at < scan->end ? *scan->at : EOF;
}

static bool
take(scanner *scan, int wanted)
{
    if (peek(scan) != wanted) {
        return false;
    }
    scan->at++;
    return true;
}

static void
skip_space(scanner *scan)
{
    for (int c = peek(scan); c == ' ' || c == '\t' || c == '\n' || c == '\r';
         c = peek(scan)) {
        scan->line += c == '\n';
        scan->at++;
    }
}

static bool
take_digits(scanner *scan)
{
    const unsigned char *start = scan->at;

    while (peek(scan) >= '0' && peek(scan) <= '9') {
        scan->at++;
    }
    return scan->at > start;
}

static bool
scan_number(scanner *scan)
{
    const unsigned char *start = scan->at;

    (void) take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan)) {
        return refuse(scan, "a digit");
    }
    if (take(scan, '.') && !take_digits(scan)) {
        return refuse(scan, "a digit");
    }
    if (take(scan, 'e') || take(scan, 'E')) {
        (void) (take(scan, '+') || take(scan, '-'));
        if (!take_digits(scan)) {
            return refuse(scan, "a digit");
        }
    }
    if (scan->at - start > NUMBER_LIMIT) {
        scan->at = start;
        return refuse(scan, "a number of at most 63 characters");
    }
    return true;
}

static bool
scan_word(scanner *scan, const char *word)
{
    const size_t length = strlen(word);

    if ((size_t) (scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0) {
        return refuse(scan, "a value");
    }
    scan->at += length;
    return true;
}

static bool
take_hex(scanner *scan, unsigned *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";

    *out = 0;
    for (int i = 0; i < 4; i++) {
        const int c = peek(scan);
        const char *digit = c > 0 ? strchr(digits, c) : NULL;

        if (digit == NULL) {
            return false;
        }
        *out = *out * 16 + (unsigned) (digit - digits) % 16;
        scan->at++;
    }
    return true;
}

/* NUL is JSON, but the texts of the tree end at it. */
static bool
take_escape(scanner *scan)
{
    unsigned code;
    unsigned low;

    if (peek(scan) > 0 && strchr("\"\\/bfnrt", peek(scan)) != NULL) {
        scan->at++;
        return true;
    }
    if (!take(scan, 'u') || !take_hex(scan, &code)) {
        return false;
    }
    if (code < 0xD800 || code > 0xDFFF) {
        return code != 0;
    }
    return code < 0xDC00 && take(scan, '\\') && take(scan, 'u') && take_hex(scan, &low) &&
           low >= 0xDC00 && low <= 0xDFFF;
}

static bool
scan_escape(scanner *scan)
{
    const unsigned char *start = scan->at;

    if (!take_escape(scan)) {
        scan->at = start;
        return refuse(scan, "an escape that stands for a character");
    }
    return true;
}

/* Bytes of the well-formed character of two bytes or more at `at`, or 0: table 3-7 of the
 * Unicode Standard, which leaves out overlong forms and surrogates. */
static size_t
utf8_size(const unsigned char *at, const unsigned char *end)
{
    const size_t size = *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    const unsigned char low = *at == 0xE0 ? 0xA0 : *at == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = *at == 0xED ? 0x9F : *at == 0xF4 ? 0x8F : 0xBF;

    if (*at < 0xC2 || *at > 0xF4 || (size_t) (end - at) < size || at[1] < low ||
        at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

static bool
scan_text(scanner *scan)
{
    scan->at++;
    while (!take(scan, '"')) {
        const int c = peek(scan);
        size_t size = 1;

        if (c < ' ') {
            return refuse(scan, "a closing double quote");
        }
        if (c >= 0x80) {
            size = utf8_size(scan->at, scan->end);
        }
        if (size == 0) {
            return refuse(scan, "UTF-8");
        }
        scan->at += size;
        if (c == '\\' && !scan_escape(scan)) {
            return false;
        }
    }
    return true;
}

static bool
scan_key(scanner *scan)
{
    skip_space(scan);
    if (peek(scan) != '"') {
        return refuse(scan, "a key in double quotes");
    }
    if (!scan_text(scan)) {
        return false;
    }
    skip_space(scan);
    return take(scan, ':') || refuse(scan, "a colon");
}

static bool scan_value(scanner *scan);

static bool
scan_container(scanner *scan, char close)
{
    if (scan->depth == DEPTH_LIMIT) {
        return refuse(scan, "at most 64 levels");
    }
    scan->depth++;
    scan->at++;
    skip_space(scan);
    if (peek(scan) != close) {
        do {
            if ((close == '}' && !scan_key(scan)) || !scan_value(scan)) {
                return false;
            }
            skip_space(scan);
        } while (take(scan, ','));
    }
    scan->depth--;
    return take(scan, close) ||
           refuse(scan, close == '}' ? "a comma or '}'" : "a comma or ']'");
}

static bool
scan_value(scanner *scan)
{
    skip_space(scan);
    if (scan->values++ == scan->wanted) {
        scan->wanted_line = scan->line;
    }
    switch (peek(scan)) {
    case '{': return scan_container(scan, '}');
    case '[': return scan_container(scan, ']');
    case '"': return scan_text(scan);
    case 't': return scan_word(scan, "true");
    case 'f': return scan_word(scan, "false");
    case 'n': return scan_word(scan, "null");
    default: break;
    }
    if (peek(scan) != '-' && (peek(scan) < '0' || peek(scan) > '9')) {
        return refuse(scan, "a value");
    }
    return scan_number(scan);
}

static bool
scan_document(scanner *scan, const char *text, size_t length, size_t wanted)
{
    *scan = (scanner){.at = (const unsigned char *) text,
        .end = (const unsigned char *) text + length,
        .wanted = wanted};
    if (!scan_value(scan)) {
        return false;
    }
    skip_space(scan);
    return scan->at == scan->end || refuse(scan, "the end of the text");
}

static nrd_status
fail_scan(const scanner *scan, nrd_error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t left = (size_t) (scan->end - scan->at);
    char found[32] = "the end of the text";

    if (left >= 3 && memcmp(scan->at, mark, 3) == 0) {
        (void) snprintf(found, sizeof found, "a byte order mark");
    } else if (left > 0 && *scan->at > ' ' && *scan->at < 0x7F) {
        (void) snprintf(found, sizeof found, "'%c'", *scan->at);
    } else if (left > 0) {
        (void) snprintf(found, sizeof found, "byte 0x%02X", *scan->at);
    }
    return nrdi_fail(err, NRD_E_PARSE, scan->line, "line %zu: found %s, expected %s",
        scan->line + 1, found, scan->expected);
}

nrd_status
nrdi_json_check(const char *text, size_t length, nrd_error *err)
{
    scanner scan;

    return scan_document(&scan, text, length, NOT_WANTED) ? NRD_OK : fail_scan(&scan, err);
}

size_t
nrdi_json_line(const char *text, size_t length, size_t value)
{
    scanner scan;

    (void) scan_document(&scan, text, length, value);
    return scan.wanted_line;
}
