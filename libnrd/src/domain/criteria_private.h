#ifndef NRDI_CRITERIA_PRIVATE_H
#define NRDI_CRITERIA_PRIVATE_H

#include <stdbool.h>

#include <nrd/level.h>

#include "json_private.h"

/* A day that is not given: before and after all others. */
#define NRDI_DAY_FIRST 0
#define NRDI_DAY_LAST INT32_MAX

typedef struct {
    int32_t number; /* 0 where the set does not state it */
    const char *name_en;
    const char *name_vi;
    const char *group;
    size_t first; /* index of its first indicator among all of the set */
    size_t count;
    bool lists_all;
} nrdi_criterion;

typedef struct {
    nrd_item about;
    size_t indicator; /* number of its indicator, conditions after all others */
    const struct cJSON *thresholds;
    const char *decision;
    int32_t from; /* first and last day in force */
    int32_t until;
} nrdi_item;

/* The texts belong to the tree. */
struct nrd_criteria {
    struct cJSON *root;
    const char *id;
    const char *decision;
    const char *date;
    const char *level;
    const char *tier;
    const char *period;
    int32_t first_year;
    int32_t last_year;
    bool lists_all;
    const char *by_place; /* key of the levels by place: "by_region" or "by_group" */
    const char **places;
    size_t place_count;
    nrdi_criterion *criteria;
    size_t count;
    nrd_indicator *indicators;
    size_t indicator_count;
    nrdi_item *items;
    size_t item_count;
};

/* Day of a date "2022-03-08" as 20220308, or 0 where it is none. */
int32_t nrdi_criteria_day(const char *text);

/* Items of an indicator that fits the format: its parts, or 1. */
size_t nrdi_criteria_count_items(const struct cJSON *indicator);

/* Append the items of an indicator that has number `indicator` and belongs to `criterion`;
 * there is room. Checks all that the format says of it. */
NRD_NODISCARD nrd_status nrdi_criteria_read_items(const nrdi_json *json,
    const struct cJSON *node, size_t criterion, size_t indicator, nrd_criteria *set,
    nrd_error *err);

/* Check the regions or groups, special rules and amendments; fill the places. */
NRD_NODISCARD nrd_status nrdi_criteria_read_places(
    const nrdi_json *json, nrd_criteria *set, nrd_error *err);
NRD_NODISCARD nrd_status nrdi_criteria_check_changes(
    const nrdi_json *json, const nrd_criteria *set, nrd_error *err);

/* Check the levels of an indicator by the rules of its items, n of them. */
NRD_NODISCARD nrd_status nrdi_criteria_check_levels(const nrdi_json *json,
    const struct cJSON *thresholds, const nrd_criteria *set, const nrdi_item *items,
    size_t n, nrd_error *err);

#endif
