#ifndef NRD_TEST_CRITERIA_TOY_H
#define NRD_TEST_CRITERIA_TOY_H

/* What the tests of criteria sets share: a small set and ways to read it. */

#include <string.h>

#include <nrd/criteria.h>

#include "support.h"

/* The numbers of its lines stand in the messages that the tests expect. */
static const char toy[] =
    "{\n"                                                                          /* 1 */
    " \"id\": \"toy\",\n"                                                          /* 2 */
    " \"decision\": \"7/QD\",\n"                                                   /* 3 */
    " \"date\": \"2022-03-08\",\n"                                                 /* 4 */
    " \"level\": \"commune\",\n"                                                   /* 5 */
    " \"tier\": \"standard\",\n"                                                   /* 6 */
    " \"period\": \"2021-2025\",\n"                                                /* 7 */
    " \"regions\": [{\"id\": \"north\"}, {\"id\": \"n\"}], \"criteria\": [\n"      /* 8 */
    "  {\n"                                                                        /* 9 */
    "   \"number\": 15,\n"                                                         /* 10 */
    "   \"name_en\": \"Health\",\n"                                                /* 11 */
    "   \"name_vi\": \"Y t\xE1\xBA\xBF\",\n"                                       /* 12 */
    "   \"group\": null,\n"                                                        /* 13 */
    "   \"indicators\": [\n"                                                       /* 14 */
    "    {\n"                                                                      /* 15 */
    "     \"id\": \"15.1\",\n"                                                     /* 16 */
    "     \"description_en\": \"Insured people\",\n"                               /* 17 */
    "     \"unit\": \"%\",\n"                                                      /* 18 */
    "     \"rule\": \"ge\",\n"                                                     /* 19 */
    "     \"status\": \"verified\",\n"                                             /* 20 */
    "     \"thresholds\": {\n"                                                     /* 21 */
    "      \"general\": 2.385,\n"                                                  /* 22 */
    "      \"by_region\": {\"north\": 7},\n"                                       /* 23 */
    "      \"by_year\": {\"2025\": {\"general\": 3, \"by_region\": {\"n\": 1}}}\n" /* 24 */
    "     },\n"                                                                    /* 25 */
    "     \"source\": []\n"                                                        /* 26 */
    "    },\n"                                                                     /* 27 */
    "    {\n"                                                                      /* 28 */
    "     \"id\": \"15.x\", \"description_en\": \"Stunted\", \"unit\": \"\",\n"    /* 29 */
    "     \"rule\": \"provincial\", \"status\": \"missing\", \"source\": [],\n"    /* 30 */
    "     \"thresholds\": {\"general\": null}, \"strict_as_reported\": true\n"     /* 31 */
    "    }\n"                                                                      /* 32 */
    "   ]\n"                                                                       /* 33 */
    "  },\n"                                                                       /* 34 */
    "  {\"number\": 7, \"name_en\": \"Markets \\ud83d\\ude00\\/\","
    " \"indicators\": []}\n" /* 35 */
    " ]\n"                   /* 36 */
    "}\n";

/* The bytes in memory of exactly their number, so that a read past the end shows. */
static inline nrd_status
read_bytes(const char *text, size_t length, nrd_criteria **out, nrd_error *err)
{
    char *copy = malloc(length > 0 ? length : 1);
    nrd_status status;

    assert_non_null(copy);
    memcpy(copy, text, length);
    status = nrd_criteria_read(copy, length, out, err);
    free(copy);
    return status;
}

static inline nrd_criteria *
read_good(const char *text, size_t length)
{
    nrd_criteria *set = NULL;
    nrd_error err = {NRD_OK, 0, ""};
    const nrd_status status = read_bytes(text, length, &set, &err);

    assert_string_equal(err.message, "");
    assert_int_equal(status, NRD_OK);
    assert_non_null(set);
    return set;
}

/* The toy with one part changed, to be freed. */
static inline char *
change_toy(const char *found, const char *put)
{
    const char *at = strstr(toy, found);
    char *text = malloc(sizeof toy + strlen(put));

    assert_non_null(at);
    assert_non_null(text);
    (void) sprintf(text, "%.*s%s%s", (int) (at - toy), toy, put, at + strlen(found));
    return text;
}

/* A file of datasets/criteria, to be freed. */
static inline char *
load_file(const char *name, size_t *length_out)
{
    char path[1024];

    (void) snprintf(path, sizeof path, "%s/criteria/%s.json", NRD_DATASETS_DIR, name);
    return read_text(path, length_out);
}

#endif
