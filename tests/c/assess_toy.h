#ifndef NRD_TEST_ASSESS_TOY_H
#define NRD_TEST_ASSESS_TOY_H

/* What the tests of assessments share: the set worked by hand, and one row of values. */

#include <nrd/assess.h>

#include "support.h"

#define ITEMS 32
#define CRITERIA 8

static inline nrd_criteria *
read_set(const cJSON *ref)
{
    char *text = cJSON_PrintUnformatted(ref_get(ref, "set"));
    nrd_criteria *set = NULL;
    nrd_error err = {NRD_OK, 0, ""};

    assert_non_null(text);
    if (nrd_criteria_read(text, strlen(text), &set, &err) != NRD_OK) {
        fail_msg("%s", err.message);
    }
    cJSON_free(text);
    return set;
}

static inline const char *
text_of(const cJSON *node, const char *key)
{
    return cJSON_GetStringValue(ref_get(node, key));
}

static inline size_t
find_item(const nrd_criteria *set, const char *code)
{
    for (size_t i = 0; i < nrd_criteria_item_count(set); i++) {
        nrd_item item;
        char found[64];

        assert_int_equal(nrd_criteria_item(set, i, &item, NULL), NRD_OK);
        (void) snprintf(found, sizeof found, "%s%s%s", item.indicator,
            item.part != NULL ? "/" : "", item.part != NULL ? item.part : "");
        if (strcmp(found, code) == 0) {
            return i;
        }
    }
    fail_msg("the set has no %s", code);
    return 0;
}

static inline int32_t
find_place(const nrd_criteria *set, const char *name)
{
    for (size_t i = 0; i < nrd_criteria_place_count(set); i++) {
        if (strcmp(nrd_criteria_place(set, i), name) == 0) {
            return (int32_t) i;
        }
    }
    assert_string_equal(name, "general");
    return -1;
}

static inline int32_t
day_of(const char *date)
{
    int year, month, day;

    assert_int_equal(sscanf(date, "%d-%d-%d", &year, &month, &day), 3);
    return (int32_t) (year * 10000 + month * 100 + day);
}

static inline double
value_of(const cJSON *node)
{
    return cJSON_IsNumber(node)   ? node->valuedouble
           : cJSON_IsString(node) ? (double) INFINITY
                                  : (double) NAN;
}

/* One row with room for every item. */
typedef struct {
    double values[ITEMS];
    const double *columns[ITEMS];
    double tolerance[ITEMS];
    int32_t place;
    int32_t when;
    int32_t day;
    int8_t items[ITEMS];
    int8_t criteria[CRITERIA];
    int8_t unit;
} one_row;

static inline nrd_measurements
start_row(one_row *row, const nrd_criteria *set, const cJSON *node)
{
    assert_in_range(nrd_criteria_item_count(set), 1, ITEMS);
    assert_in_range(nrd_criteria_count(set), 1, CRITERIA);
    *row = (one_row){.place = find_place(set, text_of(node, "region")),
        .day = day_of(text_of(node, "day"))};
    return (nrd_measurements){.rows = 1,
        .place = &row->place,
        .when = &row->when,
        .days = &row->day,
        .n_days = 1,
        .values = row->columns,
        .tolerance = row->tolerance};
}

static inline void
measure(one_row *row, size_t item, double value)
{
    row->values[item] = value;
    row->columns[item] = &row->values[item];
}

static inline nrd_status
assess(const nrd_criteria *set, const nrd_measurements *in, one_row *row, nrd_error *err)
{
    return nrd_assess(set, in, row->items, row->criteria, &row->unit, err);
}

#endif
