/* Statistics of ranks without each row in turn, all of them in O(n log n). */

#include "bootstrap_private.h"

#include <math.h>

#include "order_private.h"
#include "parallel_private.h"
#include "status_private.h"

/* Sums over the rows of lesser and of greater value than a row has, by group. */
typedef struct {
    const nrd_bootstrap *of;
    int64_t *score;      /* of each row: concordant less discordant pairs that it is in */
    int64_t *count[2];   /* of each group */
    int64_t *rank[2];    /* twice the average rank less that of the middle, of each group */
    nrdi_int128 *sum[4]; /* ranks of lesser groups, own and other, of each column */
} left;

/* Add to each row's score, from the first group of x to the last or, with step -1, back:
 * rows that came before have lesser x, or greater. */
static void
add_scores(const nrdi_run *all, int64_t *tree, int step, int64_t *score)
{
    const nrd_bootstrap *of = all->of;
    const size_t n = of->n, groups = of->groups[1];
    int64_t rows = 0;
    size_t end;

    for (size_t g = 0; g <= groups; g++) {
        tree[g] = 0;
    }
    for (size_t i = 0; i < n && !nrdi_is_stopped(all->options.stop); i = end) {
        const uint32_t x = of->group[0][of->order[step > 0 ? i : n - 1 - i]];

        for (end = i; end < n; end++) {
            const size_t row = of->order[step > 0 ? end : n - 1 - end];
            const size_t y = of->group[1][row];
            int64_t less, up_to;

            if (of->group[0][row] != x) {
                break;
            }
            less = nrdi_tree_before(tree, y);
            up_to = nrdi_tree_before(tree, y + 1);
            score[row] += step * (less - (rows - up_to));
        }
        for (size_t k = i; k < end; k++) {
            const size_t row = of->order[step > 0 ? k : n - 1 - k];

            nrdi_tree_add(tree, groups, of->group[1][row], 1);
            rows++;
        }
    }
}

static void
kendall(const left *by, double *out)
{
    const nrd_bootstrap *of = by->of;
    const int64_t rows = (int64_t) of->n - 1;
    int64_t total = 0, tied[2];

    for (size_t c = 0; c < 2; c++) {
        tied[c] = nrdi_tied_pairs(by->count[c], of->groups[c]);
    }
    for (size_t i = 0; i < of->n; i++) {
        total += by->score[i];
    }
    for (size_t i = 0; i < of->n; i++) {
        int64_t untied[2];

        for (size_t c = 0; c < 2; c++) {
            untied[c] =
                rows * (rows - 1) / 2 - (tied[c] - (by->count[c][of->group[c][i]] - 1));
        }
        out[i] = nrdi_over_root(nrdi_twofold_of(total / 2 - by->score[i]),
            nrdi_twofold_of(untied[0]), nrdi_twofold_of(untied[1]));
    }
}

/* Ranks of column `of_ranks` added up over the groups of column `over`: sums[g] is that of
 * the groups before g. */
static void
add_ranks(const left *by, size_t of_ranks, size_t over, nrdi_int128 *sums)
{
    const nrd_bootstrap *of = by->of;

    for (size_t i = 0; i < of->n; i++) {
        sums[of->group[over][i] + 1] += by->rank[of_ranks][of->group[of_ranks][i]];
    }
    for (size_t g = 0; g < of->groups[over]; g++) {
        sums[g + 1] += sums[g];
    }
}

/* The sum of a column's ranks, each with the sign of a column's difference from row i: of
 * the groups behind less those before. All ranks add up to nothing. */
static nrdi_int128
signed_sum(const nrdi_int128 *sums, size_t group)
{
    return -sums[group + 1] - sums[group];
}

/* Without row i a doubled, centred rank r_j becomes r_j - sign(x_j - x_i). */
static void
spearman(const left *by, double *out)
{
    const nrd_bootstrap *of = by->of;
    nrdi_int128 xy = 0, xx[2] = {0, 0};

    for (size_t c = 0; c < 2; c++) {
        add_ranks(by, c, c, by->sum[2 * c]);
        add_ranks(by, 1 - c, c, by->sum[2 * c + 1]);
        for (size_t g = 0; g < of->groups[c]; g++) {
            xx[c] += (nrdi_int128) by->rank[c][g] * by->rank[c][g] * by->count[c][g];
        }
    }
    for (size_t i = 0; i < of->n; i++) {
        xy += (nrdi_int128) by->rank[0][of->group[0][i]] * by->rank[1][of->group[1][i]];
    }
    for (size_t i = 0; i < of->n; i++) {
        nrdi_int128 own[2], product = xy + by->score[i];

        for (size_t c = 0; c < 2; c++) {
            const size_t g = of->group[c][i];
            const nrdi_int128 rank = by->rank[c][g];

            own[c] = xx[c] - 2 * signed_sum(by->sum[2 * c], g) - rank * rank +
                     (int64_t) of->n - by->count[c][g];
            product -= signed_sum(by->sum[2 * c + 1], g);
        }
        product -=
            (nrdi_int128) by->rank[0][of->group[0][i]] * by->rank[1][of->group[1][i]];
        out[i] = nrdi_over_root(
            nrdi_twofold_of(product), nrdi_twofold_of(own[0]), nrdi_twofold_of(own[1]));
    }
}

/* The sorted values but one: those behind it move up. */
static void
quantile(const nrd_bootstrap *of, double *out)
{
    const nrdi_position at = nrdi_quantile_locate(of->p, of->n - 1, of->type);

    for (size_t k = 0; k < of->n; k++) {
        out[of->order[k]] = nrdi_quantile_between(of->sorted[at.low + (k <= at.low)],
            of->sorted[at.high + (k <= at.high)], at.below, at.above);
    }
}

/* Counts, ranks and scores of all rows; 0 where there is no memory. */
static int
prepare(const nrdi_run *all, left *by)
{
    const nrd_bootstrap *of = all->of;
    int64_t *tree = nrdi_malloc(of->groups[1] + 1, sizeof *tree);
    int failed = tree == NULL;

    by->of = of;
    by->score = nrdi_malloc(of->n, sizeof *by->score);
    failed |= by->score == NULL;
    for (size_t c = 0; c < 2; c++) {
        by->count[c] = nrdi_malloc(of->groups[c], sizeof *by->count[c]);
        by->rank[c] = nrdi_malloc(of->groups[c], sizeof *by->rank[c]);
        by->sum[2 * c] = nrdi_malloc(of->groups[c] + 1, sizeof *by->sum[0]);
        by->sum[2 * c + 1] = nrdi_malloc(of->groups[c] + 1, sizeof *by->sum[0]);
        failed |= by->count[c] == NULL || by->rank[c] == NULL || by->sum[2 * c] == NULL ||
                  by->sum[2 * c + 1] == NULL;
    }
    for (size_t c = 0; c < 2 && !failed; c++) {
        for (size_t i = 0; i < of->n; i++) {
            by->count[c][of->group[c][i]]++;
            by->rank[c][of->group[c][i]]++;
        }
        (void) nrdi_rank_groups(by->rank[c], of->groups[c], (int64_t) of->n);
    }
    if (!failed) {
        add_scores(all, tree, 1, by->score);
        add_scores(all, tree, -1, by->score);
    }
    nrdi_free(tree);
    return !failed;
}

nrd_status
nrdi_ranks_left(const nrdi_run *all)
{
    const nrd_bootstrap *of = all->of;
    left by = {0};
    nrd_status status = NRD_OK;

    if (of->statistic == NRD_STATISTIC_QUANTILE) {
        quantile(of, all->out);
    } else if (!prepare(all, &by)) {
        status = NRD_E_MEMORY;
    } else if (of->statistic == NRD_STATISTIC_KENDALL) {
        kendall(&by, all->out);
    } else {
        spearman(&by, all->out);
    }
    nrdi_free(by.score);
    for (size_t c = 0; c < 2; c++) {
        nrdi_free(by.count[c]);
        nrdi_free(by.rank[c]);
        nrdi_free(by.sum[2 * c]);
        nrdi_free(by.sum[2 * c + 1]);
    }
    return status == NRD_OK && nrdi_is_stopped(all->options.stop) ? NRD_E_CANCELLED
                                                                  : status;
}
