#ifndef NRD_CRITERIA_H
#define NRD_CRITERIA_H

#include <nrd/status.h>

/* cffi: begin */

/** A criteria set: a versioned official document, its criteria and their indicators. */
typedef struct nrd_criteria nrd_criteria;

/** How a measured value is held against the threshold of an indicator. */
typedef enum {
    NRD_RULE_GE = 0,         /* the value must be at least the threshold */
    NRD_RULE_LE = 1,         /* the value must not exceed the threshold */
    NRD_RULE_MET = 2,        /* qualitative: met or not met */
    NRD_RULE_PROVINCIAL = 3, /* the provincial People's Committee sets the level */
    NRD_RULE_ALL = 4         /* several parts, each with a rule of its own, all to be met */
} nrd_rule;

/** How well the threshold of an indicator is known. */
typedef enum {
    NRD_LEVEL_VERIFIED = 0,  /* stated by the cited source for the scope given */
    NRD_LEVEL_PARTIAL = 1,   /* only a part of it was seen in a source */
    NRD_LEVEL_NAME_ONLY = 2, /* the indicator is named, no threshold was seen */
    NRD_LEVEL_MISSING = 3    /* no source was seen */
} nrd_level_status;

/** One indicator of a criterion; the texts belong to the set and live as long as it. */
typedef struct {
    const char *id; /* "15.3" */
    const char *description_en;
    const char *unit; /* unit of measure */
    nrd_rule rule;
    nrd_level_status status;
    int has_general; /* 1 where one number holds everywhere */
    double general;  /* that number in `unit`; 0 where has_general is 0 */
} nrd_indicator;

/**
 * Read a criteria set from JSON text (RFC 8259, UTF-8).
 *
 * Strict: no text after the object, no key twice in an object, every required key present
 * and of its type, no key that is not in the format, criterion numbers and indicator ids
 * unique, rules and statuses from the lists above, levels that fit the rule and the unit of
 * measure, only for places and years that the set has. datasets/criteria-set.schema.json
 * says the same to other programs, but for what is unique or refers to another part. A
 * level or criterion number that is null stays unknown. The message of a fault in the text
 * begins with the line and, where the text is JSON at all, the path: "line 12,
 * $.criteria[3].number: ...".
 *
 * @param[in]  text   JSON text, length bytes; need not be terminated
 * @param[in]  length number of bytes
 * @param[out] out    the set, released with nrd_criteria_free; written only on success
 * @param[out] err    reason of a failure, or NULL; its row is the line, counted from 0
 *
 * @retval NRD_E_NULL      text or out is NULL
 * @retval NRD_E_PARSE     not JSON, a key missing or unknown, a value of another type, a
 *                         date that is not ISO 8601, or a period that is not two years
 * @retval NRD_E_DOMAIN    a rule, status, level or tier that is not in its list, a
 *                         criterion number that is not a whole number from 1 to 999, a year
 *                         outside the period, or a level that its rule or unit cannot have
 * @retval NRD_E_DUPLICATE a key, criterion number, place, part or indicator id occurs twice
 * @retval NRD_E_UNKNOWN   a level for a place or part, or a change of an indicator, that
 * the set does not have
 * @retval NRD_E_MEMORY    no memory left
 */
NRD_API NRD_NODISCARD nrd_status nrd_criteria_read(
    const char *text, size_t length, nrd_criteria **out, nrd_error *err);

/** Release a set; NULL allowed. */
NRD_API void nrd_criteria_free(nrd_criteria *set);

/** Identifier of the set, "vn-318-2022-commune-standard" for example; never NULL. */
NRD_API const char *nrd_criteria_id(const nrd_criteria *set);

/** Number of the decision, "318/QD-TTg" for example; never NULL. */
NRD_API const char *nrd_criteria_decision(const nrd_criteria *set);

/** Date of the decision, ISO 8601; never NULL. */
NRD_API const char *nrd_criteria_date(const nrd_criteria *set);

/** Level of the units: "commune", "district" or "province"; never NULL. */
NRD_API const char *nrd_criteria_level(const nrd_criteria *set);

/** Tier: "standard", "advanced", "model" or "special"; never NULL. */
NRD_API const char *nrd_criteria_tier(const nrd_criteria *set);

/** Period the set holds for, "2021-2025" for example; never NULL. */
NRD_API const char *nrd_criteria_period(const nrd_criteria *set);

/** Number of criteria in the set. */
NRD_API size_t nrd_criteria_count(const nrd_criteria *set);

/** Official number of a criterion; 0 where the set states none or index is out of range. */
NRD_API int32_t nrd_criteria_number(const nrd_criteria *set, size_t index);

/** English name of a criterion; NULL where index is out of range. */
NRD_API const char *nrd_criteria_name_en(const nrd_criteria *set, size_t index);

/** Vietnamese name of a criterion; NULL where there is none or index is out of range. */
NRD_API const char *nrd_criteria_name_vi(const nrd_criteria *set, size_t index);

/** Group of a criterion as the set states it; NULL where there is none. */
NRD_API const char *nrd_criteria_group(const nrd_criteria *set, size_t index);

/**
 * Find a criterion by its official number.
 *
 * @param[in]  set       the set
 * @param[in]  number    official number, 1 to 19 for example
 * @param[out] index_out its index in the set; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    set or index_out is NULL
 * @retval NRD_E_UNKNOWN the set has no such criterion
 */
NRD_API NRD_NODISCARD nrd_status nrd_criteria_find(
    const nrd_criteria *set, int32_t number, size_t *index_out, nrd_error *err);

/** Number of indicators of a criterion; 0 where index is out of range. */
NRD_API size_t nrd_criteria_indicator_count(const nrd_criteria *set, size_t index);

/**
 * Read one indicator of a criterion.
 *
 * @param[in]  set       the set
 * @param[in]  index     index of the criterion
 * @param[in]  indicator index of the indicator within the criterion
 * @param[out] out       the indicator; written only on success
 * @param[out] err       reason of a failure, or NULL
 *
 * @retval NRD_E_NULL    set or out is NULL
 * @retval NRD_E_UNKNOWN no such criterion or indicator
 */
NRD_API NRD_NODISCARD nrd_status nrd_criteria_indicator(const nrd_criteria *set,
    size_t index, size_t indicator, nrd_indicator *out, nrd_error *err);

/* cffi: end */

#endif
