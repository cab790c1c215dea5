/* Methods for p-values that can only be some numbers: sums of distribution functions. */

#include "adjust_private.h"

#include <inttypes.h>
#include <math.h>

#include "exact_private.h"
#include "order_private.h"
#include "status_private.h"

/* Stands for F / (1 - F) where F is 1: too large for any rejection, and can be subtracted.
 */
#define BEYOND 0x1p1000

/* How far a p may be from an attainable one, relative: they are computed on two roads. */
#define NEAR 1e-12

/* At the p-value `at` the term of some tests, which share a list, goes up to `value`. */
typedef struct {
    double at;
    double value;
    size_t list; /* among the lists of the family */
    size_t rank; /* of value among all, from 1; 0 is that of the term 0 */
} rise;

/* The terms of a family on a walk along the p-values. The `most` largest are summed: those
 * whose rank is above `bar`, and some of rank `bar` to fill up. Terms only grow and `most`
 * never does, so that the bar only goes up. */
typedef struct {
    rise *rises; /* by `at` */
    size_t n;
    size_t next; /* the first rise that is still to come */
    size_t lists;
    double *tests; /* with each list */
    size_t *rank;  /* of the term of each list */
    double *value; /* of each rank, 0 .. n */
    double *held;  /* tests whose term has each rank */
    double most;
    size_t bar;
    double above;  /* tests whose rank is above the bar */
    nrd_exact sum; /* of their terms */
    rise *unsorted;
    nrdi_entry *entries;
} terms;

double
nrdi_adjust_attainable(const nrd_supports *supports, uint64_t list, double p)
{
    uint64_t low = supports->start[list], high = supports->start[list + 1];
    double best = -1.0;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const double value = supports->values[middle];

        if (fabs(value - p) <= NEAR * value &&
            (best < 0.0 || fabs(value - p) < fabs(best - p))) {
            best = value;
        }
        if (value < p) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return best;
}

static nrd_status
check_lists(const nrd_supports *supports, nrd_error *err)
{
    for (size_t s = 0; s < supports->count; s++) {
        double before = 0.0;

        for (uint64_t i = supports->start[s]; i < supports->start[s + 1]; i++) {
            if (!(supports->values[i] > before && supports->values[i] <= 1.0)) {
                return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
                    "list %zu of attainable p-values has %g after %g, expected ascending "
                    "numbers in (0, 1]",
                    s, supports->values[i], before);
            }
            before = supports->values[i];
        }
    }
    return NRD_OK;
}

nrd_status
nrdi_adjust_check_supports(
    const double *p, size_t n, const nrd_adjust_options *options, nrd_error *err)
{
    const nrd_supports *supports = options->supports;

    if (supports == NULL || supports->values == NULL || supports->start == NULL ||
        supports->list == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW,
            "the method needs the attainable p-values of each test");
    }
    NRDI_TRY(check_lists(supports, err));
    for (size_t i = 0; i < n; i++) {
        if (supports->list[i] >= supports->count) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "the list is %" PRIu64 ", expected a number below %zu", supports->list[i],
                supports->count);
        }
        if (!isnan(p[i]) &&
            nrdi_adjust_attainable(supports, supports->list[i], p[i]) < 0.0) {
            return nrdi_fail(err, NRD_E_CONFLICT, i,
                "p is %.17g, which is not among the attainable p-values of the test", p[i]);
        }
    }
    return NRD_OK;
}

/* F / (1 - F), or F / (1 - F(tau)) where the tests step up. */
static double
term(double f, double f_tau)
{
    return f_tau < 1.0 ? f / (1.0 - f_tau) : BEYOND;
}

/* The greatest attainable p-value up to tau; 0 below all. */
static double
value_at(const nrd_supports *supports, uint64_t list, double tau)
{
    double f = 0.0;

    for (uint64_t i = supports->start[list]; i < supports->start[list + 1]; i++) {
        f = supports->values[i] <= tau ? supports->values[i] : f;
    }
    return f;
}

/* The rises of a list; each F has a term of its own where tau is below 0. */
static void
add_rises(const nrd_supports *supports, uint64_t list, double tau, terms *out)
{
    const double f_tau = value_at(supports, list, tau);

    for (uint64_t i = supports->start[list]; i < supports->start[list + 1]; i++) {
        const double f = supports->values[i];

        if (tau < 0.0 || f <= tau) {
            out->unsorted[out->n++] =
                (rise){f, term(f, tau < 0.0 ? f : f_tau), out->lists - 1, 0};
        }
    }
}

/* Sort the rises by `at`, then rank their values. */
static void
sort_rises(terms *out)
{
    nrdi_entry *entries = out->entries;
    const size_t n = out->n;

    for (size_t i = 0; i < n; i++) {
        entries[i] = (nrdi_entry){nrdi_order_key(out->unsorted[i].at), i};
    }
    nrdi_order_entries(entries, entries + n, n);
    for (size_t i = 0; i < n; i++) {
        out->rises[i] = out->unsorted[entries[i].item];
    }
    for (size_t i = 0; i < n; i++) {
        entries[i] = (nrdi_entry){nrdi_order_key(out->rises[i].value), i};
    }
    nrdi_order_entries(entries, entries + n, n);
    out->value[0] = 0.0;
    for (size_t i = 0; i < n; i++) {
        out->rises[entries[i].item].rank = i + 1;
        out->value[i + 1] = out->rises[entries[i].item].value;
        out->held[i + 1] = 0.0;
    }
}

/* Begin a walk: all terms are 0. */
static void
start(terms *walk, const nrdi_family *family, const nrd_supports *supports, double tau)
{
    nrdi_entry *entries = walk->entries;

    for (size_t i = 0; i < family->m; i++) {
        entries[i] = (nrdi_entry){supports->list[family->row[i]], i};
    }
    nrdi_order_entries(entries, entries + family->m, family->m);
    walk->n = walk->next = walk->lists = walk->bar = 0;
    for (size_t i = 0; i < family->m; i++) {
        if (i == 0 || entries[i].key != entries[i - 1].key) {
            walk->rank[walk->lists] = 0;
            walk->tests[walk->lists++] = 0.0;
            add_rises(supports, entries[i].key, tau, walk);
        }
        walk->tests[walk->lists - 1] += 1.0; /* exact: a count */
    }
    sort_rises(walk);
    walk->most = walk->held[0] = (double) family->m;
    walk->above = 0.0;
    nrd_exact_init(&walk->sum);
}

/* Take the rises up to the p-value `to`. */
static void
advance(terms *walk, double to)
{
    for (; walk->next < walk->n && walk->rises[walk->next].at <= to; walk->next++) {
        const rise *now = &walk->rises[walk->next];
        const size_t before = walk->rank[now->list];
        const double tests = walk->tests[now->list];

        walk->held[before] -= tests;
        walk->held[now->rank] += tests;
        if (before > walk->bar) {
            walk->above -= tests;
            nrd_exact_add_product(&walk->sum, -tests, walk->value[before]);
        }
        if (now->rank > walk->bar) {
            walk->above += tests;
            nrd_exact_add_product(&walk->sum, tests, now->value);
        }
        walk->rank[now->list] = now->rank;
    }
    while (walk->above > walk->most) {
        const double tests = walk->held[++walk->bar];

        walk->above -= tests;
        nrd_exact_add_product(&walk->sum, -tests, walk->value[walk->bar]);
    }
}

/* The sum of the largest terms over a count, at most 1. */
static double
mean(const terms *walk, size_t count)
{
    nrd_exact sum = walk->sum;
    double out;

    nrd_exact_add_product(&sum, walk->most - walk->above, walk->value[walk->bar]);
    return nrd_exact_mean(&sum, count, &out, NULL) == NRD_OK ? fmin(out, 1.0) : 1.0;
}

/* The greatest attainable p-value at which the terms allow m rejections; 0 where none. */
static double
last_step(terms *walk, const nrdi_family *family, const nrd_adjust_options *options)
{
    double tau = 0.0;

    start(walk, family, options->supports, -1.0);
    while (walk->next < walk->n) {
        const double at = walk->rises[walk->next].at;

        advance(walk, at);
        if (mean(walk, family->m) > options->alpha) {
            break;
        }
        tau = at;
    }
    return tau;
}

static void
adjust_terms(
    terms *walk, const nrdi_family *family, const nrd_adjust_options *options, double *out)
{
    const int up = options->method == NRD_ADJUST_DISCRETE_UP ||
                   options->method == NRD_ADJUST_ADAPTIVE_UP;
    const int adaptive = options->method >= NRD_ADJUST_ADAPTIVE_UP;
    const double tau = up ? last_step(walk, family, options) : -1.0;

    start(walk, family, options->supports, tau);
    for (size_t i = 0; i < family->m; i++) {
        walk->most = (double) (adaptive ? family->m - i : family->m);
        advance(walk, family->p[i]);
        out[i] = up && family->p[i] > tau ? 1.0 : mean(walk, i + 1);
    }
    if (up) {
        nrdi_adjust_from_above(out, family->m);
    } else {
        nrdi_adjust_from_below(out, family->m);
    }
}

/* Rises of all tests; lists that several share are counted once for each. */
static size_t
count_rises(const nrdi_family *family, const nrd_supports *supports)
{
    size_t count = 0;

    for (size_t i = 0; i < family->m; i++) {
        const uint64_t list = supports->list[family->row[i]];

        count += (size_t) (supports->start[list + 1] - supports->start[list]);
    }
    return count;
}

nrd_status
nrdi_adjust_discrete(const nrdi_family *family, const nrd_adjust_options *options,
    double *out, nrd_error *err)
{
    const size_t m = family->m, n = count_rises(family, options->supports);
    terms walk = {
        .rises = nrdi_malloc(n, sizeof *walk.rises),
        .unsorted = nrdi_malloc(n, sizeof *walk.unsorted),
        .entries = nrdi_malloc(n > m ? n : m, 2 * sizeof *walk.entries),
        .tests = nrdi_malloc(m, sizeof *walk.tests),
        .rank = nrdi_malloc(m, sizeof *walk.rank),
        .value = nrdi_malloc(n + 1, sizeof *walk.value),
        .held = nrdi_malloc(n + 1, sizeof *walk.held),
    };
    nrd_status status = NRD_OK;

    if (walk.rises == NULL || walk.unsorted == NULL || walk.entries == NULL ||
        walk.tests == NULL || walk.rank == NULL || walk.value == NULL ||
        walk.held == NULL) {
        status = nrdi_fail(
            err, NRD_E_MEMORY, NRD_NO_ROW, "no memory for %zu attainable p-values", n);
    } else {
        adjust_terms(&walk, family, options, out);
    }
    nrdi_free(walk.rises);
    nrdi_free(walk.unsorted);
    nrdi_free(walk.entries);
    nrdi_free(walk.tests);
    nrdi_free(walk.rank);
    nrdi_free(walk.value);
    nrdi_free(walk.held);
    return status;
}
