/* The sums of a regression as whole numbers: those of a group, or of the units of a
 * regression, each around its own means. */

#include "regression_private.h"

#include <limits.h>
#include <stdlib.h>

/* Two digits of 32 bits make a limb; what is 0 at the lower end is left out. */
static int
pack(const uint32_t *digit, size_t n, nrdi_whole *out)
{
    size_t zeros = 0, limbs;

    while (n > 0 && digit[n - 1] == 0) {
        n--;
    }
    while (zeros < n && digit[zeros] == 0) {
        zeros++;
    }
    limbs = (n - zeros + 1) / 2;
    for (size_t i = 0; i < limbs; i++) {
        const size_t at = zeros + 2 * i;

        out->limb[i] = digit[at] | (uint64_t) (at + 1 < n ? digit[at + 1] : 0) << 32;
    }
    out->size = (long) limbs;
    return 32 * (int) zeros;
}

static void
read_count(uint64_t count, nrdi_whole *out, int *exponent)
{
    out->limb[0] = count;
    out->size = count != 0;
    *exponent = 0;
}

/* Limbs of the magnitude of a sum, from digits of 32 bits that may reach beyond these and
 * below 0; the lowest digits that are 0 are left out, and their number is returned. */
static size_t
read_digits(const int64_t *digit, size_t n, nrdi_whole *out)
{
    size_t zeros = 0;
    int64_t carry = 0;
    uint64_t flip, one;
    long limbs = 0;

    while (zeros < n && digit[zeros] == 0) {
        zeros++;
    }
    for (size_t i = zeros; i < n; i += 2) {
        const int64_t low = digit[i] + carry;
        const int64_t high = (i + 1 < n ? digit[i + 1] : 0) + (low >> 32);

        out->limb[limbs++] = (uint32_t) low | (uint64_t) high << 32;
        carry = high >> 32;
    }
    /* Minus a number is its complement and 1. */
    flip = (uint64_t) (carry >> 63);
    one = flip & 1;
    for (long i = 0; i < limbs && flip != 0; i++) {
        out->limb[i] = ~out->limb[i] + one;
        one &= out->limb[i] == 0;
    }
    while (limbs > 0 && out->limb[limbs - 1] == 0) {
        limbs--;
    }
    out->size = flip != 0 ? -limbs : limbs;
    return zeros;
}

static void
read_sum(const nrd_moments *state, size_t group, size_t sum, nrdi_whole *out, int *exponent)
{
    const int64_t *record = nrdi_moments_record(state, group);
    nrdi_window window;

    if (sum == NRDI_COUNT) {
        read_count((uint64_t) record[NRDI_ROWS], out, exponent);
        return;
    }
    window = state->windows[sum];
    *exponent =
        32 * (window.first + (int) read_digits(record + window.at, window.count, out)) -
        NRDI_EXACT_OFFSET;
}

/* Rows for the degrees of freedom: with frequencies as many as they stand for. */
static double
count_rows(const nrd_moments *state, size_t group)
{
    nrdi_big weight, one;

    if (state->weights != NRD_WEIGHTS_FREQUENCY) {
        return (double) nrdi_moments_weighted(state, group);
    }
    nrdi_big_from_count(1, &one);
    nrdi_moments_big(state, group, 0, &weight);
    return nrdi_big_ratio(&weight, &one);
}

static void
total_weight(const nrd_moments *state, size_t group, nrdi_big *out)
{
    if (state->weights == NRD_WEIGHTS_NONE) {
        nrdi_big_from_count((uint64_t) nrdi_moments_record(state, group)[NRDI_ROWS], out);
    } else {
        nrdi_moments_big(state, group, 0, out);
    }
}

/* Lowest bit of a number, and the one above its highest. */
static int
bottom_of(const nrdi_big *a)
{
    return 32 * a->exponent + __builtin_ctz(a->digit[0]);
}

static int
top_of(const nrdi_big *a)
{
    return 32 * (a->exponent + (int) a->n) - __builtin_clz(a->digit[a->n - 1]);
}

/* Bits between the least weight and the total of a unit, at most: by so much less than its
 * sum of squares can be what the unit varies. */
static int
spread_of_weights(const nrdi_regression *plan, size_t r)
{
    nrdi_big weight;
    int most = 0;

    for (size_t u = plan->first[r]; u < plan->first[r + 1]; u++) {
        total_weight(plan->state, plan->member[u], &weight);
        if (weight.sign != 0 && top_of(&weight) - bottom_of(&weight) > most) {
            most = top_of(&weight) - bottom_of(&weight);
        }
    }
    return most;
}

/* Power of two that the values of each column are multiples of, or nearly: the sums of
 * their squares are, of its square. */
static void
choose_units(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r)
{
    nrdi_big square;

    for (size_t i = 0; i < plan->order; i++) {
        const size_t sum = plan->sum[i * (i + 3) / 2];
        int least = INT_MAX;

        for (size_t u = plan->first[r]; u < plan->first[r + 1]; u++) {
            nrdi_moments_big(plan->state, plan->member[u], sum, &square);
            if (square.sign != 0 && bottom_of(&square) < least) {
                least = bottom_of(&square);
            }
        }
        own->shift[i] = least == INT_MAX ? 0 : (least - (least & 1)) / 2;
    }
}

/* out = |a| * 2^bits, cut below 1; its limbs. */
static mp_size_t
shifted(const nrdi_big *a, int bits, mp_limb_t *out)
{
    nrdi_whole whole = {out, 0, 0};
    mp_size_t n;

    memset(out, 0, NRDI_SCRATCH_LIMBS * sizeof *out);
    bits += pack(a->digit, a->n, &whole); /* the lowest digit is not 0 */
    n = whole.size;
    if (bits >= 0) {
        memmove(out + bits / 64, out, (size_t) n * sizeof *out);
        memset(out, 0, (size_t) (bits / 64) * sizeof *out);
        n += bits / 64;
        if (bits % 64 > 0) {
            out[n] = mpn_lshift(out, out, n, (unsigned) bits % 64);
            n += out[n] != 0;
        }
        return n;
    }
    if (-bits / 64 >= n) {
        return 0;
    }
    n -= -bits / 64;
    memmove(out, out + -bits / 64, (size_t) n * sizeof *out);
    if (-bits % 64 > 0) {
        (void) mpn_rshift(out, out, n, (unsigned) (-bits % 64));
    }
    return n - (out[n - 1] == 0);
}

/* Add sign * limbs to a sum; both fit. */
static void
accumulate(nrdi_whole *sum, const mp_limb_t *limb, mp_size_t n, int sign)
{
    const mp_size_t size = labs(sum->size);
    const int add = (sum->size < 0) == (sign < 0);
    mp_size_t most = size > n ? size : n;
    int order;

    if (n == 0) {
        return;
    }
    memset(sum->limb + size, 0, (size_t) (most + 1 - size) * sizeof *sum->limb);
    if (add || size == 0) {
        sum->limb[most] += mpn_add(sum->limb, sum->limb, most, limb, n);
        most++;
        sum->size = sign;
    } else {
        order = size != n ? (size > n ? 1 : -1) : mpn_cmp(sum->limb, limb, n);
        if (order >= 0) {
            (void) mpn_sub(sum->limb, sum->limb, size, limb, n);
        } else {
            (void) mpn_sub(sum->limb, limb, n, sum->limb, size);
            sum->size = sign;
        }
    }
    while (most > 0 && sum->limb[most - 1] == 0) {
        most--;
    }
    sum->size = sum->size < 0 ? -most : most;
}

/* Add what a unit has around its own means: (W Sxy - Sx Sy) / W, in units of 2^exponent. */
static void
add_unit(const nrdi_regression *plan, nrdi_regression_worker *own, size_t group, size_t e,
    size_t i, size_t j)
{
    const nrd_moments *state = plan->state;
    mp_limb_t *above = own->scratch, *below = above + NRDI_SCRATCH_LIMBS;
    mp_limb_t *quotient = below + NRDI_SCRATCH_LIMBS;
    nrdi_big weight, a, b, product, square;
    mp_size_t n, k;

    total_weight(state, group, &weight);
    nrdi_moments_big(state, group, plan->sum[e], &a);
    nrdi_big_multiply(&weight, &a, &product);
    nrdi_moments_big(state, group, plan->single[i], &a);
    nrdi_moments_big(state, group, plan->single[j], &b);
    nrdi_big_multiply(&a, &b, &square);
    nrdi_big_subtract(&product, &square, &a);
    if (a.sign == 0) {
        return;
    }
    n = shifted(&a, 32 * (a.exponent - weight.exponent) - own->exponent[e], above);
    k = shifted(&weight, 0, below);
    if (n >= k) {
        mpn_tdiv_qr(quotient, above, 0, above, n, below, k);
        n = n - k + 1;
        accumulate(&own->sum[e], quotient, n - (quotient[n - 1] == 0), a.sign);
    }
}

static void
read_units(const nrdi_regression *plan, nrdi_regression_worker *own, size_t r)
{
    const int guard = NRDI_GUARD_BITS + spread_of_weights(plan, r);
    size_t e = 0;

    choose_units(plan, own, r);
    for (size_t i = 0; i < plan->order; i++) {
        for (size_t j = 0; j <= i; j++, e++) {
            own->sum[e].size = 0;
            own->exponent[e] = own->shift[i] + own->shift[j] - guard;
            for (size_t u = plan->first[r]; u < plan->first[r + 1]; u++) {
                if (nrdi_moments_weighted(plan->state, plan->member[u]) > 0) {
                    add_unit(plan, own, plan->member[u], e, i, j);
                }
            }
        }
    }
}

static void
add_counts(const nrd_moments *state, size_t group, nrd_fit *fit)
{
    fit->rows += (uint64_t) nrdi_moments_record(state, group)[NRDI_ROWS];
    fit->units += nrdi_moments_weighted(state, group) > 0;
    fit->df += count_rows(state, group);
}

void
nrdi_regression_read(
    const nrdi_regression *plan, nrdi_regression_worker *own, size_t r, nrd_fit *fit)
{
    const int within = plan->model->within != NULL;

    if (within) {
        for (size_t u = plan->first[r]; u < plan->first[r + 1]; u++) {
            add_counts(plan->state, plan->member[u], fit);
        }
    } else {
        add_counts(plan->state, r, fit);
    }
    fit->status = fit->units == 0 ? NRD_FIT_EMPTY : NRD_FIT_OK;
    fit->df -= (double) plan->k + (within ? (double) fit->units : 0.0);
    if (fit->status == NRD_FIT_OK && fit->df < 0.0) {
        fit->status = NRD_FIT_FEW_ROWS;
    }
    fit->units = within ? fit->units : 0;
    if (fit->status == NRD_FIT_OK && within) {
        read_units(plan, own, r);
    }
    for (size_t e = 0; e < plan->entries && fit->status == NRD_FIT_OK && !within; e++) {
        read_sum(plan->state, r, plan->sum[e], &own->sum[e], &own->exponent[e]);
    }
}
