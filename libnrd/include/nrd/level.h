#ifndef NRD_LEVEL_H
#define NRD_LEVEL_H

#include <nrd/criteria.h>

/* cffi: begin */

/** What a criteria set asks of an item at a place and a time. */
typedef enum {
    NRD_LEVEL_KIND_UNKNOWN = 0,    /* nobody has verified the level */
    NRD_LEVEL_KIND_NUMBER = 1,     /* `value`, in the unit of the item */
    NRD_LEVEL_KIND_MET = 2,        /* to be met */
    NRD_LEVEL_KIND_PROVINCIAL = 3, /* the province sets it and the set does not say it */
    NRD_LEVEL_KIND_NOT_ASKED = 4   /* nothing is asked here, or not at that time */
} nrd_level_kind;

/** How an item follows from other results instead of being measured. */
typedef enum {
    NRD_REFERS_NOT = 0,     /* it is measured */
    NRD_REFERS_UNIT = 1,    /* the same unit meets the set named */
    NRD_REFERS_SHARE = 2,   /* share of the units below that meet the set named, in % */
    NRD_REFERS_CRITERIA = 3 /* the unit meets all criteria of this set */
} nrd_refers;

/**
 * What one value is measured for: an indicator, or a part of one whose rule is
 * NRD_RULE_ALL. The texts belong to the set and live as long as it.
 */
typedef struct {
    const char *indicator; /* "17.1" */
    const char *part;      /* "clean"; NULL where the indicator has no parts */
    const char *unit;      /* unit of measure */
    nrd_rule rule;         /* never NRD_RULE_ALL */
    nrd_level_status status;
    size_t criterion; /* index of the criterion; their number for a condition of the set */
    double low;       /* least possible value */
    double high;      /* greatest possible value, may be infinite */
    int32_t is_whole; /* 1 where only whole numbers are possible */
    int32_t is_optional; /* 1 where it may not apply: "coach station, if planned" */
    int32_t is_strict;   /* 1 where the threshold itself does not do */
    const char *one_of;  /* of the parts with this name exactly one applies; or NULL */
    nrd_refers refers;
    const char *refers_set; /* id of that set; NULL where there is none */
} nrd_item;

/** One level; the text belongs to the set. */
typedef struct {
    nrd_level_kind kind;
    double value;         /* 0 unless kind is NRD_LEVEL_KIND_NUMBER */
    const char *decision; /* the decision that states it */
} nrd_level;

/** Number of items of a set: those of the criteria in order, then those of conditions. */
NRD_API size_t nrd_criteria_item_count(const nrd_criteria *set);

/**
 * Read one item.
 *
 * @param[in]  set   the set
 * @param[in]  index index of the item
 * @param[out] out   the item; written only on success
 * @param[out] err   reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    set or out is NULL
 * @retval NRD_E_UNKNOWN no such item
 */
NRD_API NRD_NODISCARD nrd_status nrd_criteria_item(
    const nrd_criteria *set, size_t index, nrd_item *out, nrd_error *err);

/** Number of places with levels of their own: regions, or groups of communes. */
NRD_API size_t nrd_criteria_place_count(const nrd_criteria *set);

/** Id of a place, "red_river_delta" for example; NULL where index is out of range. */
NRD_API const char *nrd_criteria_place(const nrd_criteria *set, size_t index);

/** 1 where the places are groups of communes, 0 where they are regions or there is none. */
NRD_API int32_t nrd_criteria_has_groups(const nrd_criteria *set);

/** First and last year of the period, and whether all criteria or indicators are listed. */
NRD_API int32_t nrd_criteria_first_year(const nrd_criteria *set);
NRD_API int32_t nrd_criteria_last_year(const nrd_criteria *set);
NRD_API int32_t nrd_criteria_is_complete(const nrd_criteria *set);

/** 1 where the set says that it lists all indicators of a criterion. */
NRD_API int32_t nrd_criteria_lists_all(const nrd_criteria *set, size_t index);

/**
 * The level of an item at a place on a day.
 *
 * The level of the place holds. Where the set does not state it, the general level stands
 * in if its status is verified; a level seen in part says nothing about other places. A
 * year without levels of its own has none where other years have. Amendments hold from
 * the day they take effect.
 *
 * @param[in]  set   the set
 * @param[in]  item  index of the item
 * @param[in]  place index of the place; -1 for the general level
 * @param[in]  day   year * 10000 + month * 100 + day, within the period
 * @param[out] out   the level; written only on success
 * @param[out] err   reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    set or out is NULL
 * @retval NRD_E_UNKNOWN no such item or place
 * @retval NRD_E_DOMAIN  the day is outside the period of the set
 */
NRD_API NRD_NODISCARD nrd_status nrd_criteria_level_on(const nrd_criteria *set, size_t item,
    int32_t place, int32_t day, nrd_level *out, nrd_error *err);

/* cffi: end */

#endif
