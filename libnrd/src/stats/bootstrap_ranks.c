/* Statistics of a resample that follow from the order of its rows: quantiles, Spearman's
 * rho and Kendall's tau. The data are sorted once; a resample only changes counts. */

#include "bootstrap_private.h"

#include <math.h>

#include "decimal_private.h"
#include "order_private.h"
#include "status_private.h"

/* Rows in the order of values; the group of each row: 0 for the least value, and so on. */
static nrd_status
rank_column(nrd_bootstrap *of, size_t c, const double *values)
{
    nrdi_entry *entries = NULL;
    size_t group = 0;

    of->group[c] = nrdi_malloc(of->n, sizeof *of->group[c]);
    if (of->group[c] == NULL) {
        return NRD_E_MEMORY;
    }
    NRDI_TRY(nrdi_order_sorted(values, NULL, of->n, &entries, NULL));
    for (size_t i = 0; i < of->n; i++) {
        group += i > 0 && entries[i].key != entries[i - 1].key;
        of->group[c][entries[i].item] = (uint32_t) group;
        if (c == 0) {
            of->order[i] = (uint32_t) entries[i].item;
            of->sorted[i] = nrdi_order_value(entries[i].key);
        }
    }
    of->groups[c] = group + 1;
    nrdi_free(entries);
    return NRD_OK;
}

nrd_status
nrdi_ranks_prepare(nrd_bootstrap *of, const nrd_bootstrap_design *design)
{
    of->order = nrdi_malloc(of->n, sizeof *of->order);
    of->sorted = nrdi_malloc(of->n, sizeof *of->sorted);
    if (of->order == NULL || of->sorted == NULL) {
        return NRD_E_MEMORY;
    }
    for (size_t c = 0; c < of->n_columns; c++) {
        NRDI_TRY(rank_column(of, c, design->columns[c]));
    }
    return NRD_OK;
}

size_t
nrdi_ranks_scratch(const nrd_bootstrap *of)
{
    return of->groups[0] + of->groups[1] + 1;
}

/* Rows of each group of a column in the resample; their number is the result. */
static int64_t
count_groups(const nrd_bootstrap *of, size_t c, const double *weight, int64_t *count)
{
    int64_t rows = 0;

    for (size_t g = 0; g < of->groups[c]; g++) {
        count[g] = 0;
    }
    for (size_t i = 0; i < of->n; i++) {
        count[of->group[c][i]] += (int64_t) weight[i];
        rows += (int64_t) weight[i];
    }
    return rows;
}

nrdi_twofold
nrdi_twofold_of(nrdi_int128 x)
{
    const double high = (double) x;

    return (nrdi_twofold){high, (double) (x - (nrdi_int128) high)};
}

nrdi_int128
nrdi_rank_groups(int64_t *count, size_t groups, int64_t rows)
{
    nrdi_int128 squares = 0;
    int64_t before = 0;

    for (size_t g = 0; g < groups; g++) {
        const int64_t own = count[g], rank = 2 * before + own - rows;

        squares += (nrdi_int128) (rank * rank) * own;
        count[g] = rank;
        before += own;
    }
    return squares;
}

static double
spearman(const nrd_bootstrap *of, nrdi_resample *own)
{
    int64_t *first = own->scratch, *second = first + of->groups[0];
    const int64_t rows = count_groups(of, 0, own->weight, first);
    nrdi_int128 xx, yy, xy = 0;

    (void) count_groups(of, 1, own->weight, second);
    xx = nrdi_rank_groups(first, of->groups[0], rows);
    yy = nrdi_rank_groups(second, of->groups[1], rows);
    for (size_t i = 0; i < of->n; i++) {
        const int64_t product = first[of->group[0][i]] * second[of->group[1][i]];

        xy += (nrdi_int128) product * (int64_t) own->weight[i];
    }
    return nrdi_over_root(nrdi_twofold_of(xy), nrdi_twofold_of(xx), nrdi_twofold_of(yy));
}

/* Add to the number of rows with a value of this group (P. M. Fenwick's tree, from 1 on).
 */
void
nrdi_tree_add(int64_t *tree, size_t groups, size_t group, int64_t rows)
{
    for (size_t g = group + 1; g <= groups; g += g & (0 - g)) {
        tree[g] += rows;
    }
}

int64_t
nrdi_tree_before(const int64_t *tree, size_t group)
{
    int64_t rows = 0;

    for (size_t g = group; g > 0; g -= g & (0 - g)) {
        rows += tree[g];
    }
    return rows;
}

int64_t
nrdi_tied_pairs(const int64_t *count, size_t groups)
{
    int64_t pairs = 0;

    for (size_t g = 0; g < groups; g++) {
        pairs += count[g] * (count[g] - 1) / 2;
    }
    return pairs;
}

/* Concordant less discordant pairs: each row with those of lesser x, whose y are in a tree;
 * rows of one x go into it together. */
static int64_t
concordance(const nrd_bootstrap *of, const double *weight, int64_t *tree)
{
    const size_t groups = of->groups[1];
    int64_t score = 0, rows = 0;
    size_t end;

    for (size_t g = 0; g <= groups; g++) {
        tree[g] = 0;
    }
    for (size_t i = 0; i < of->n; i = end) {
        const uint32_t x = of->group[0][of->order[i]];

        for (end = i; end < of->n && of->group[0][of->order[end]] == x; end++) {
            const size_t row = of->order[end], y = of->group[1][row];
            const int64_t less = nrdi_tree_before(tree, y),
                          up_to = nrdi_tree_before(tree, y + 1);

            score += (int64_t) weight[row] * (less - (rows - up_to));
        }
        for (size_t k = i; k < end; k++) {
            const size_t row = of->order[k];

            nrdi_tree_add(tree, groups, of->group[1][row], (int64_t) weight[row]);
            rows += (int64_t) weight[row];
        }
    }
    return score;
}

static double
kendall(const nrd_bootstrap *of, nrdi_resample *own)
{
    int64_t *count = own->scratch;
    const int64_t rows = count_groups(of, 0, own->weight, count);
    const int64_t pairs = rows * (rows - 1) / 2;
    const int64_t first = pairs - nrdi_tied_pairs(count, of->groups[0]);
    int64_t second;

    (void) count_groups(of, 1, own->weight, count);
    second = pairs - nrdi_tied_pairs(count, of->groups[1]);
    return nrdi_over_root(nrdi_twofold_of(concordance(of, own->weight, count)),
        nrdi_twofold_of(first), nrdi_twofold_of(second));
}

static double
quantile(const nrd_bootstrap *of, const double *weight)
{
    uint64_t rows = 0, before = 0;
    nrdi_position at;
    size_t low, high;

    for (size_t i = 0; i < of->n; i++) {
        rows += (uint64_t) weight[i];
    }
    if (rows == 0) {
        return (double) NAN;
    }
    at = nrdi_quantile_locate(of->p, rows, of->type);
    for (low = 0; (before += (uint64_t) weight[of->order[low]]) <= at.low; low++) {
    }
    for (high = low; before <= at.high; before += (uint64_t) weight[of->order[high]]) {
        high++;
    }
    return nrdi_quantile_between(of->sorted[low], of->sorted[high], at.below, at.above);
}

void
nrdi_ranks_evaluate(const nrd_bootstrap *of, nrdi_resample *own, double *out)
{
    *out = of->statistic == NRD_STATISTIC_SPEARMAN  ? spearman(of, own)
           : of->statistic == NRD_STATISTIC_KENDALL ? kendall(of, own)
                                                    : quantile(of, own->weight);
}
