/* P-values adjusted for the number of tests: families, and all methods but the discrete. */

#include "adjust_private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "exact_private.h"
#include "order_private.h"
#include "status_private.h"

double
nrdi_adjust_scaled(double p, double m, double k)
{
    const double product = p * m, below = fma(p, m, -product);
    const double quotient = product / k;

    return quotient + (fma(-quotient, k, product) + below) / k;
}

/* 1 - (1 - p)^k, without the digits that 1 - p would lose. */
static double
sidak(double p, double k)
{
    return -expm1(k * log1p(-p));
}

void
nrdi_adjust_from_below(double *values, size_t m)
{
    for (size_t i = 1; i < m; i++) {
        values[i] = fmax(values[i], values[i - 1]);
    }
}

void
nrdi_adjust_from_above(double *values, size_t m)
{
    for (size_t i = m; i-- > 1;) {
        values[i - 1] = fmin(values[i - 1], values[i]);
    }
}

static void
benjamini_hochberg(const nrdi_family *family, double tests, double *out)
{
    for (size_t i = 0; i < family->m; i++) {
        out[i] = fmin(nrdi_adjust_scaled(family->p[i], tests, (double) (i + 1)), 1.0);
    }
    nrdi_adjust_from_above(out, family->m);
}

static double
harmonic(size_t m)
{
    nrd_exact sum;

    nrd_exact_init(&sum);
    for (size_t i = 1; i <= m; i++) {
        nrd_exact_add(&sum, 1.0 / (double) i);
    }
    return nrd_exact_round(&sum);
}

/* Tests that the first stage leaves make the number that the second counts with. */
static void
two_stages(const nrdi_family *family, double alpha, double factor, double *out)
{
    const double m = (double) family->m;
    size_t rejected = 0;

    benjamini_hochberg(family, m, out);
    while (rejected < family->m && out[rejected] <= alpha / factor) {
        rejected++;
    }
    if (rejected < family->m) {
        benjamini_hochberg(family, m - (double) rejected, out);
    }
    for (size_t i = 0; i < family->m; i++) {
        out[i] = fmin(out[i] * factor, 1.0);
    }
}

/* What stands at place i, from 0, of a single-step or stepwise method. */
static double
step(const nrdi_family *family, nrd_adjust_method method, size_t i)
{
    const double m = (double) family->m, left = (double) (family->m - i);

    switch ((int) method) {
    case NRD_ADJUST_BONFERRONI: return fmin(m * family->p[i], 1.0);
    case NRD_ADJUST_SIDAK: return sidak(family->p[i], m);
    case NRD_ADJUST_HOLM_SIDAK: return sidak(family->p[i], left);
    default: return fmin(left * family->p[i], 1.0); /* Holm, Hochberg */
    }
}

static void
stepwise(const nrdi_family *family, nrd_adjust_method method, double *out)
{
    for (size_t i = 0; i < family->m; i++) {
        out[i] = step(family, method, i);
    }
    if (method == NRD_ADJUST_HOCHBERG) {
        nrdi_adjust_from_above(out, family->m);
    } else {
        nrdi_adjust_from_below(out, family->m);
    }
}

static nrd_status
adjust_family(const nrdi_family *family, const nrd_adjust_options *options, double *spare,
    double *out, nrd_error *err)
{
    const double m = (double) family->m, alpha = options->alpha;

    switch (options->method) {
    case NRD_ADJUST_BONFERRONI:
    case NRD_ADJUST_SIDAK:
    case NRD_ADJUST_HOLM:
    case NRD_ADJUST_HOLM_SIDAK:
    case NRD_ADJUST_HOCHBERG: stepwise(family, options->method, out); break;
    case NRD_ADJUST_HOMMEL: nrdi_adjust_hommel(family, spare, out); break;
    case NRD_ADJUST_BH: benjamini_hochberg(family, m, out); break;
    case NRD_ADJUST_BY: benjamini_hochberg(family, m * harmonic(family->m), out); break;
    case NRD_ADJUST_TWO_STAGE_BH: two_stages(family, alpha, 1.0, out); break;
    case NRD_ADJUST_TWO_STAGE_BKY: two_stages(family, alpha, 1.0 + alpha, out); break;
    case NRD_ADJUST_DISCRETE_UP:
    case NRD_ADJUST_DISCRETE_DOWN:
    case NRD_ADJUST_ADAPTIVE_UP:
    case NRD_ADJUST_ADAPTIVE_DOWN: return nrdi_adjust_discrete(family, options, out, err);
    }
    return NRD_OK;
}

static int
is_discrete(const nrd_adjust_options *options)
{
    return options->method >= NRD_ADJUST_DISCRETE_UP;
}

static nrd_status
check_rows(const double *p, size_t n, const nrd_adjust_options *options, nrd_error *err)
{
    size_t missing = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isnan(p[i]) && !(p[i] >= 0.0 && p[i] <= 1.0)) {
            return nrdi_fail(
                err, NRD_E_DOMAIN, i, "p is %.17g, expected a number in [0, 1]", p[i]);
        }
        missing += isnan(p[i]) != 0;
        if (options->group != NULL && options->group[i] >= 0 &&
            (size_t) options->group[i] >= options->groups) {
            return nrdi_fail(err, NRD_E_UNKNOWN, i,
                "the group is %" PRId32 ", expected a number below %zu", options->group[i],
                options->groups);
        }
    }
    if (missing == n) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW, "all p-values are missing");
    }
    return NRD_OK;
}

static nrd_status
check(const double *p, size_t n, const nrd_adjust_options *options, const double *out,
    nrd_error *err)
{
    if (p == NULL || options == NULL || out == NULL) {
        return nrdi_fail(err, NRD_E_NULL, NRD_NO_ROW, "a pointer is NULL");
    }
    if (n == 0) {
        return nrdi_fail(err, NRD_E_SIZE, NRD_NO_ROW, "there are no p-values");
    }
    NRDI_TRY(nrdi_order_check_size(n, err));
    if ((int) options->method < 0 || options->method > NRD_ADJUST_ADAPTIVE_DOWN) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "the method is %d, expected 0 to %d", (int) options->method,
            (int) NRD_ADJUST_ADAPTIVE_DOWN);
    }
    if (!(options->alpha > 0.0 && options->alpha < 1.0)) {
        return nrdi_fail(err, NRD_E_DOMAIN, NRD_NO_ROW,
            "alpha is %g, expected a number in (0, 1)", options->alpha);
    }
    NRDI_TRY(check_rows(p, n, options, err));
    return is_discrete(options) ? nrdi_adjust_check_supports(p, n, options, err) : NRD_OK;
}

static size_t
group_of(const nrd_adjust_options *options, size_t row)
{
    return options->group != NULL ? (size_t) options->group[row] : 0;
}

/* The tests that count, by p. */
static size_t
sort_tests(const double *p, size_t n, const nrd_adjust_options *options, nrdi_entry *out)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isnan(p[i]) && (options->group == NULL || options->group[i] >= 0)) {
            const double value = is_discrete(options)
                                     ? nrdi_adjust_attainable(options->supports,
                                           options->supports->list[i], p[i])
                                     : p[i];

            out[count++] = (nrdi_entry){nrdi_order_key(value), i};
        }
    }
    nrdi_order_entries(out, out + n, count);
    return count;
}

/* Put sorted tests group by group, still sorted; end_out gets the end of each group. */
static void
split_groups(const nrdi_entry *entries, size_t count, const nrd_adjust_options *options,
    double *p_out, size_t *row_out, size_t *end_out)
{
    const size_t groups = options->group != NULL ? options->groups : 1;
    size_t start = 0;

    memset(end_out, 0, groups * sizeof *end_out);
    for (size_t i = 0; i < count; i++) {
        end_out[group_of(options, (size_t) entries[i].item)]++;
    }
    for (size_t g = 0; g < groups; g++) {
        const size_t size = end_out[g];

        end_out[g] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t row = (size_t) entries[i].item;
        const size_t place = end_out[group_of(options, row)]++;

        p_out[place] = nrdi_order_value(entries[i].key);
        row_out[place] = row;
    }
}

/* Adjust family by family, into rows; `adjusted` and `spare` have room for the largest. */
static nrd_status
adjust_all(const double *p, const size_t *row, const size_t *end,
    const nrd_adjust_options *options, double *out, double *spare, nrd_error *err)
{
    const size_t groups = options->group != NULL ? options->groups : 1;
    size_t start = 0;

    for (size_t g = 0; g < groups; g++) {
        const nrdi_family family = {p + start, row + start, end[g] - start};

        if (family.m > 0) {
            NRDI_TRY(adjust_family(&family, options, spare, out + start, err));
        }
        start = end[g];
    }
    return NRD_OK;
}

nrd_status
nrd_adjust(const double *p, size_t n, const nrd_adjust_options *options, double *out,
    nrd_error *err)
{
    nrdi_entry *entries = NULL;
    double *work = NULL;
    size_t *row = NULL, *end = NULL;
    size_t count;
    nrd_status status = NRD_OK;

    NRDI_TRY(check(p, n, options, out, err));
    entries = nrdi_malloc(n, 2 * sizeof *entries);
    work = nrdi_malloc(n, 4 * sizeof *work);
    row = nrdi_malloc(n, sizeof *row);
    end = nrdi_malloc(options->group != NULL ? options->groups + 1 : 1, sizeof *end);
    if (entries == NULL || work == NULL || row == NULL || end == NULL) {
        status =
            nrdi_fail(err, NRD_E_MEMORY, NRD_NO_ROW, "no memory to adjust %zu p-values", n);
        goto done;
    }
    count = sort_tests(p, n, options, entries);
    split_groups(entries, count, options, work, row, end);
    status = adjust_all(work, row, end, options, work + n, work + 2 * n, err);
    if (status == NRD_OK) {
        for (size_t i = 0; i < n; i++) {
            out[i] = NAN;
        }
        for (size_t i = 0; i < count; i++) {
            out[row[i]] = work[n + i];
        }
    }
done:
    nrdi_free(entries);
    nrdi_free(work);
    nrdi_free(row);
    nrdi_free(end);
    return status;
}
