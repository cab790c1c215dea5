/* Who is exchanged with whom: arrangements counted, drawn, and listed one by one. */

#include "permutation_private.h"

#include <string.h>

#include "status_private.h"

static size_t
rows_of(const nrdi_exchanges *units, size_t unit)
{
    return units->start[unit + 1] - units->start[unit];
}

/* Sort units first .. end by their number of rows, and make an exchange of each size. */
static void
add_stratum(nrdi_exchanges *units, size_t first, size_t end, nrdi_entry *entries)
{
    for (size_t u = first; u < end; u++) {
        entries[u - first] = (nrdi_entry){rows_of(units, u), u};
    }
    nrdi_order_entries(entries, entries + (end - first), end - first);
    for (size_t i = 0; i < end - first; i++) {
        if (i == 0 || entries[i].key != entries[i - 1].key) {
            units->exchange[units->exchanges++] =
                (nrdi_exchange){first + i, 0, (size_t) entries[i].key};
        }
        units->exchange[units->exchanges - 1].count++;
        units->member[first + i] = (size_t) entries[i].item;
    }
}

/* Sort the places of an exchange by content, the last rows of the units first: the sort is
 * stable. */
static void
sort_contents(
    nrdi_exchanges *units, const nrdi_exchange *among, const double *x, nrdi_entry *entries)
{
    for (size_t i = 0; i < among->count; i++) {
        entries[i].item = among->first + i;
    }
    for (size_t k = among->rows; k-- > 0;) {
        for (size_t i = 0; i < among->count; i++) {
            const size_t unit = units->member[entries[i].item];

            entries[i].key = nrdi_order_key(x[units->start[unit] + k]);
        }
        nrdi_order_entries(entries, entries + among->count, among->count);
    }
}

static int
same_content(const nrdi_exchanges *units, const double *x, size_t a, size_t b, size_t rows)
{
    const double *first = x + units->start[units->member[a]];
    const double *second = x + units->start[units->member[b]];

    for (size_t k = 0; k < rows; k++) {
        if (first[k] != second[k]) {
            return 0;
        }
    }
    return 1;
}

static void
set_codes(
    nrdi_exchanges *units, const nrdi_exchange *among, const double *x, nrdi_entry *entries)
{
    uint32_t code = 0;

    sort_contents(units, among, x, entries);
    for (size_t i = 0; i < among->count; i++) {
        const size_t place = (size_t) entries[i].item;

        if (i > 0 &&
            !same_content(units, x, place, (size_t) entries[i - 1].item, among->rows)) {
            code++;
        }
        units->code[place] = code;
        units->like[among->first + code] = (uint32_t) place;
    }
}

nrd_status
nrdi_exchanges_make(
    const nrd_permutation_design *design, const double *x, nrdi_exchanges *out)
{
    const int rows_alone = design->unit_rows == NULL;
    const size_t units = rows_alone ? design->n : design->units;
    const size_t strata = design->stratum_units == NULL ? 1 : design->strata;
    nrdi_entry *entries = nrdi_malloc(units, 2 * sizeof *entries);

    out->units = units;
    out->start = nrdi_malloc(units + 1, sizeof *out->start);
    out->member = nrdi_malloc(units, sizeof *out->member);
    out->exchange = nrdi_malloc(units, sizeof *out->exchange);
    out->code = nrdi_malloc(units, sizeof *out->code);
    out->like = nrdi_malloc(units, sizeof *out->like);
    if (entries == NULL || out->start == NULL || out->member == NULL ||
        out->exchange == NULL || out->code == NULL || out->like == NULL) {
        nrdi_free(entries);
        return NRD_E_MEMORY;
    }
    for (size_t u = 0; u <= units; u++) {
        out->start[u] = rows_alone ? u : (size_t) design->unit_rows[u];
    }
    for (size_t s = 0; s < strata; s++) {
        const int one = design->stratum_units == NULL;

        add_stratum(out, one ? 0 : (size_t) design->stratum_units[s],
            one ? units : (size_t) design->stratum_units[s + 1], entries);
    }
    for (size_t e = 0; x != NULL && e < out->exchanges; e++) {
        set_codes(out, &out->exchange[e], x, entries);
    }
    out->plain = rows_alone && out->exchanges == 1;
    nrdi_free(entries);
    return NRD_OK;
}

void
nrdi_exchanges_free(nrdi_exchanges *units)
{
    nrdi_free(units->start);
    nrdi_free(units->member);
    nrdi_free(units->exchange);
    nrdi_free(units->code);
    nrdi_free(units->like);
}

/* a * b, at most 2^64 - 1. */
static uint64_t
times(uint64_t a, uint64_t b)
{
    const nrdi_uint128 product = (nrdi_uint128) a * b;

    return product > UINT64_MAX ? UINT64_MAX : (uint64_t) product;
}

/* Ways to choose the places of `many` among `before` others, at most 2^64 - 1. */
static uint64_t
ways(uint64_t before, uint64_t many)
{
    nrdi_uint128 out = 1;

    for (uint64_t i = 1; i <= many; i++) {
        out = out * (before + i) / i;
        if (out > UINT64_MAX) {
            return UINT64_MAX;
        }
    }
    return (uint64_t) out;
}

void
nrdi_exchanges_count(nrdi_exchanges *units, int signs)
{
    uint64_t out = 1;

    if (signs) {
        units->arrangements = units->units < 64 ? (uint64_t) 1 << units->units : UINT64_MAX;
        return;
    }
    for (size_t e = 0; e < units->exchanges && out < UINT64_MAX; e++) {
        const nrdi_exchange *among = &units->exchange[e];
        uint64_t before = 0;

        for (uint32_t code = 0; before < among->count && out < UINT64_MAX; code++) {
            uint64_t many = 0;

            for (size_t i = 0; i < among->count; i++) {
                many += units->code[among->first + i] == code;
            }
            out = times(out, ways(before, many));
            before += many;
        }
    }
    units->arrangements = out;
}

/* Let the unit at a place take the content of the unit at another. */
static void
take(const nrdi_exchanges *units, size_t place, size_t other, uint32_t *source)
{
    const size_t from = units->start[units->member[other]];
    const size_t unit = units->member[place], rows = rows_of(units, unit);

    for (size_t k = 0; k < rows; k++) {
        source[units->start[unit] + k] = (uint32_t) (from + k);
    }
}

static void
turn(const nrdi_exchanges *units, size_t unit, uint64_t bit, double *sign)
{
    for (size_t i = units->start[unit]; i < units->start[unit + 1]; i++) {
        sign[i] = bit != 0 ? -1.0 : 1.0;
    }
}

static void
draw_signs(const nrd_permutation *test, nrd_random *rng, double *sign)
{
    uint64_t word = 0;

    for (size_t u = 0; u < test->units.units; u++) {
        word = u % 64 == 0 ? nrd_random_next(rng) : word >> 1;
        turn(&test->units, u, word & 1, sign);
    }
}

void
nrdi_arrange_again(
    const nrd_permutation *test, const nrdi_arranged *own, const double *from, double *to)
{
    nrd_random rng;

    memcpy(to, from, test->n * sizeof *to);
    nrd_random_start(&rng, test->options.seed, own->number, 0);
    nrdi_random_shuffle(&rng, test->n, to);
}

/* Where x is all that is wanted it is shuffled itself: that is faster than a look-up for
 * each row. */
void
nrdi_arrange_drawn(const nrd_permutation *test, uint64_t number, nrdi_arranged *own)
{
    const nrdi_exchanges *units = &test->units;
    nrd_random rng;

    own->number = number;
    own->shuffled = units->plain && test->centred.value != NULL;
    if (own->shuffled) {
        nrdi_arrange_again(test, own, test->centred.value, own->x);
        return;
    }
    nrd_random_start(&rng, test->options.seed, number, 0);
    if (test->statistic == NRD_STATISTIC_MEAN) {
        draw_signs(test, &rng, own->x);
        return;
    }
    if (units->plain) {
        nrd_random_permutation(&rng, test->n, own->source);
        return;
    }
    for (size_t e = 0; e < units->exchanges; e++) {
        const nrdi_exchange *among = &units->exchange[e];

        nrd_random_permutation(&rng, among->count, own->order);
        for (size_t i = 0; i < among->count; i++) {
            take(units, among->first + i, among->first + own->order[i], own->source);
        }
    }
}

void
nrdi_arrange_listed(const nrd_permutation *test, nrdi_arranged *own)
{
    const nrdi_exchanges *units = &test->units;

    if (test->statistic == NRD_STATISTIC_MEAN) {
        for (size_t u = 0; u < units->units; u++) {
            turn(units, u, own->turned >> u & 1, own->x);
        }
        return;
    }
    for (size_t e = 0; e < units->exchanges; e++) {
        const size_t first = units->exchange[e].first;

        for (size_t i = first; i < first + units->exchange[e].count; i++) {
            take(units, i, units->like[first + own->code[i]], own->source);
        }
    }
}

/* The next arrangement of codes in alphabetical order, or the first one after the last: 0.
 */
static int
next_codes(uint32_t *code, size_t n)
{
    size_t i = n - 1, k = n - 1;

    while (i > 0 && code[i - 1] >= code[i]) {
        i--;
    }
    if (i > 0) {
        const uint32_t raised = code[i - 1];

        while (code[k] <= raised) {
            k--;
        }
        code[i - 1] = code[k];
        code[k] = raised;
    }
    for (size_t low = i, high = n - 1; low < high; low++, high--) {
        const uint32_t held = code[low];

        code[low] = code[high];
        code[high] = held;
    }
    return i > 0;
}

void
nrdi_arrange_next(const nrd_permutation *test, nrdi_arranged *own)
{
    const nrdi_exchanges *units = &test->units;

    own->turned++;
    if (test->statistic == NRD_STATISTIC_MEAN) {
        return;
    }
    for (size_t e = 0; e < units->exchanges; e++) {
        const nrdi_exchange *among = &units->exchange[e];

        if (next_codes(own->code + among->first, among->count)) {
            return;
        }
    }
}
