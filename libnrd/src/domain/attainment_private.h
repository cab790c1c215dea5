#ifndef NRDI_ATTAINMENT_PRIVATE_H
#define NRDI_ATTAINMENT_PRIVATE_H

#include <nrd/attainment.h>

#define NRDI_WORD_BITS 64

/* Unit u has its masks in words [u * words, (u + 1) * words); bits past the last criterion
 * are 0 in every mask, so that counting needs no special case at the end. */
struct nrd_attainment {
    size_t units;
    size_t criteria;
    size_t words;
    uint64_t *met;          /* units x words; a met cell is also known */
    uint64_t *known;        /* units x words */
    uint64_t *all;          /* words: 1 for every criterion */
    uint64_t *closed_met;   /* words: unknown cells of the criterion must be met */
    uint64_t *closed_unmet; /* words: unknown cells of the criterion must be unmet */
    uint64_t *met_cells;    /* criteria: cells known to be met */
    uint64_t *known_cells;  /* criteria: cells known */
    uint64_t *total_low;    /* criteria: least units that meet it */
    uint64_t *total_high;   /* criteria: greatest */
    int has_totals;
};

static inline int
nrdi_get_bit(const uint64_t *words, size_t bit)
{
    return (int) ((words[bit / NRDI_WORD_BITS] >> (bit % NRDI_WORD_BITS)) & 1);
}

static inline void
nrdi_set_bit(uint64_t *words, size_t bit)
{
    words[bit / NRDI_WORD_BITS] |= UINT64_C(1) << (bit % NRDI_WORD_BITS);
}

/* NRD_E_NULL, NRD_E_SIZE: what every call with one output row per unit or criterion checks.
 */
nrd_status nrdi_attainment_check(const nrd_attainment *matrix, const void *low_out,
    const void *high_out, size_t n, size_t expected, nrd_error *err);

/* Least and greatest number of units that meet one criterion. */
void nrdi_attainment_count_criterion(
    const nrd_attainment *matrix, size_t criterion, uint64_t *low, uint64_t *high);

#endif
