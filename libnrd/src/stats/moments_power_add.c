/* Adding the powers of a row: whole numbers, formed one from the other. */

#include "moments_power_private.h"

static nrdi_factor
split(double x)
{
    const nrdi_parts parts = nrdi_parts_of(x);
    const int zeros = parts.mantissa != 0 ? __builtin_ctzll(parts.mantissa) : 0;

    return (nrdi_factor){parts.mantissa >> zeros,
        parts.position - NRDI_EXACT_OFFSET + zeros, parts.negative};
}

/* Powers of a mantissa, each from the one before. */
static void
fill_table(struct nrdi_powers *powers, size_t column)
{
    const uint64_t mantissa = powers->factor[column].mantissa;
    mp_limb_t *own = powers->table + powers->start[column] * powers->room;
    mp_size_t *size = powers->size + powers->start[column];

    own[0] = mantissa;
    size[0] = 1;
    for (int a = 1; a < nrdi_highest_power(powers->degree[column]);
         a++, own += powers->room) {
        mp_limb_t *next = own + powers->room;

        next[size[a - 1]] = mpn_mul_1(next, own, size[a - 1], mantissa);
        size[a] = size[a - 1] + (next[size[a - 1]] != 0);
    }
}

/* Add +-limbs * 2^position to digits; only those are touched that change. */
static void
add_limbs(int64_t *digit, const mp_limb_t *limb, mp_size_t n, int position, int negative)
{
    const int64_t sign = negative ? -1 : 1;
    const int shift = position & 31;
    uint64_t carry = 0;
    mp_size_t halves;

    while (n > 0 && limb[n - 1] == 0) {
        n--;
    }
    halves = 2 * n - (n > 0 && limb[n - 1] >> 32 == 0);
    digit += position >> 5;
    for (mp_size_t half = 0; half < halves; half++) {
        const uint64_t part = limb[half / 2] >> (32 * (half % 2)) & UINT32_MAX;

        carry |= part << shift;
        *digit++ += sign * (int64_t) (carry & UINT32_MAX);
        carry >>= 32;
    }
    if (carry != 0) {
        *digit += sign * (int64_t) carry;
    }
}

/* The mantissa of a sum's row in *out; its limbs. */
static mp_size_t
multiply(const struct nrdi_powers *powers, nrdi_power sum, uint64_t weight, mp_limb_t **out)
{
    const size_t left = powers->start[sum.i] + (size_t) sum.a - 1;
    const size_t right = powers->start[sum.j] + (size_t) sum.b - 1;
    mp_limb_t *product = *out;
    mp_size_t n = powers->size[left];

    *out = powers->table + left * powers->room;
    if (sum.b > 0) {
        const mp_size_t k = powers->size[right];
        const mp_limb_t *other = powers->table + right * powers->room;

        if (n >= k) {
            (void) mpn_mul(product, *out, n, other, k);
        } else {
            (void) mpn_mul(product, other, k, *out, n);
        }
        n += k;
        *out = product;
    }
    if (weight != 1) {
        product[n] = mpn_mul_1(product, *out, n, weight);
        n++;
        *out = product;
    }
    return n;
}

void
nrdi_moments_add_powers(
    nrd_moments *state, int64_t *record, const nrdi_rows_block *block, size_t row)
{
    struct nrdi_powers *powers = state->powers;
    const size_t p = state->columns;
    const nrdi_factor *factors = powers->factor;
    nrdi_factor weight = {1, 0, 0};

    if (block->weight != NULL) {
        weight = split(block->weight[row]);
    }
    for (size_t i = 0; i < p; i++) {
        powers->factor[i] = split(block->columns[i][row]);
        fill_table(powers, i);
    }
    for (size_t k = 0; k < powers->count; k++) {
        const nrdi_power sum = powers->sum[k];
        const nrdi_factor x = factors[sum.i], z = factors[sum.j];
        const nrdi_window window = state->windows[powers->first + k];
        const int exponent = sum.a * x.exponent + sum.b * z.exponent + weight.exponent;
        mp_limb_t *limb = powers->table + powers->end * powers->room;
        mp_size_t n;

        if (x.mantissa == 0 || (sum.b > 0 && z.mantissa == 0) || weight.mantissa == 0) {
            continue;
        }
        n = multiply(powers, sum, weight.mantissa, &limb);
        add_limbs(record + window.at, limb, n,
            exponent + NRDI_EXACT_OFFSET - 32 * window.first,
            (x.negative & sum.a) ^ (z.negative & sum.b));
    }
}
