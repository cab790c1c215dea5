#ifndef NRDI_CRITERIA_PRIVATE_H
#define NRDI_CRITERIA_PRIVATE_H

#include <nrd/criteria.h>

struct cJSON;

typedef struct {
    int32_t number; /* 0 where the set does not state it */
    const char *name_en;
    const char *name_vi;
    const char *group;
    size_t first; /* index of its first indicator among all of the set */
    size_t count;
} nrdi_criterion;

/* The texts belong to the tree. */
struct nrd_criteria {
    struct cJSON *root;
    const char *id;
    const char *decision;
    const char *date;
    const char *level;
    const char *tier;
    const char *period;
    nrdi_criterion *criteria;
    size_t count;
    nrd_indicator *indicators;
    size_t indicator_count;
};

#endif
