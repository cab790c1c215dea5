/* Philox4x64-10 for AVX-512, blocks side by side; compiled with -mavx512f -mfma. */
#include <immintrin.h>

#include "exact_block_private.h"

#include <Random123/philox.h>

/* Eight blocks: vector k has word k of each. Two of these are made together, so that none
 * waits for the other. */
typedef struct {
    __m512i word[4];
} eight;

static inline __m512i
all(uint64_t x)
{
    return _mm512_set1_epi64((long long) x);
}

/* Products of 128 bits, out of those of halves. */
static inline void
multiply(__m512i x, uint64_t factor, __m512i *high, __m512i *low)
{
    const __m512i by = all(factor), by_upper = all(factor >> 32), half = all(UINT32_MAX);
    const __m512i upper = _mm512_srli_epi64(x, 32);
    const __m512i lowest = _mm512_mul_epu32(x, by);
    const __m512i first =
        _mm512_add_epi64(_mm512_mul_epu32(x, by_upper), _mm512_srli_epi64(lowest, 32));
    const __m512i second =
        _mm512_add_epi64(_mm512_mul_epu32(upper, by), _mm512_and_si512(first, half));

    *low = _mm512_mask_shuffle_epi32(lowest, 0xaaaa, second, _MM_PERM_CCAA);
    *high = _mm512_add_epi64(
        _mm512_add_epi64(_mm512_mul_epu32(upper, by_upper), _mm512_srli_epi64(first, 32)),
        _mm512_srli_epi64(second, 32));
}

/* a ^ b ^ c */
static inline __m512i
differ(__m512i a, __m512i b, uint64_t c)
{
    return _mm512_ternarylogic_epi64(a, b, all(c), 0x96);
}

static inline eight
turn(eight in, const uint64_t key[2])
{
    eight out;

    multiply(in.word[0], PHILOX_M4x64_0, &out.word[2], &out.word[3]);
    multiply(in.word[2], PHILOX_M4x64_1, &out.word[0], &out.word[1]);
    out.word[0] = differ(out.word[0], in.word[1], key[0]);
    out.word[2] = differ(out.word[2], in.word[3], key[1]);
    return out;
}

/* Blocks one after the other: pairs of words first, then pairs of these. */
static inline void
write(eight in, uint64_t *out)
{
    const __m512i a = _mm512_unpacklo_epi64(in.word[0], in.word[1]);
    const __m512i b = _mm512_unpackhi_epi64(in.word[0], in.word[1]);
    const __m512i c = _mm512_unpacklo_epi64(in.word[2], in.word[3]);
    const __m512i d = _mm512_unpackhi_epi64(in.word[2], in.word[3]);
    const __m512i low = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    const __m512i high = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    const __m512i even[] = {
        _mm512_permutex2var_epi64(a, low, c), _mm512_permutex2var_epi64(a, high, c)};
    const __m512i odd[] = {
        _mm512_permutex2var_epi64(b, low, d), _mm512_permutex2var_epi64(b, high, d)};

    for (int k = 0; k < 2; k++) {
        _mm512_storeu_si512(out + 16 * k, _mm512_shuffle_i64x2(even[k], odd[k], 0x44));
        _mm512_storeu_si512(out + 16 * k + 8, _mm512_shuffle_i64x2(even[k], odd[k], 0xee));
    }
}

static inline eight
start(uint64_t number, const uint64_t counter[4])
{
    const __m512i step = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);

    return (eight){{_mm512_add_epi64(all(number), step), all(counter[1]), all(counter[2]),
        all(counter[3])}};
}

void
nrdi_random_blocks_avx512(uint64_t number, const uint64_t counter[4], const uint64_t key[2],
    size_t sixteens, uint64_t *out)
{
    for (size_t i = 0; i < sixteens; i++, number += 16, out += 64) {
        uint64_t own[2] = {key[0], key[1]};
        eight first = start(number, counter), second = start(number + 8, counter);

#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            first = turn(first, own);
            second = turn(second, own);
            own[0] += PHILOX_W64_0;
            own[1] += PHILOX_W64_1;
        }
        write(first, out);
        write(second, out + 32);
    }
}
