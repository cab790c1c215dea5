/* The places of joints with the least sum of squares.
 *
 * Where a joint lies between rows, the lines of both sides are fitted without regard to
 * each other; they are a fit where they cross between these rows (Hudson's first type of
 * joint). Where a joint is at a row, the lines meet there. A fit of all rows is the best
 * over all such places. Each needs a base of a few columns, which then serves all
 * permutations at once. */

#include "joinpoint_private.h"

#include <math.h>
#include <string.h>

#include "parallel_private.h"
#include "status_private.h"

/* Columns that a joint adds: a change of slope, and one of level where it is not at a row.
 */
#define MOST_TERMS (2 * NRDI_JOINTS)

/* Columns of values that are worked on at once: their sums stay in the nearest cache. */
#define AT_ONCE 64

/* Rows from one place to another one. */
static size_t
rows_between(size_t from, size_t to)
{
    const size_t first = (from + 1) / 2, last = to / 2;

    return last >= first ? last - first + 1 : 0;
}

/* The first place after `from` that leaves `least` rows in the segment between them. */
static size_t
place_after(const nrdi_joined *own, size_t from)
{
    const size_t step = own->options->between ? 1 : 2;
    size_t place = from + 1;

    if (step == 2) {
        place += place % 2;
    }
    while (rows_between(from, place) < (size_t) own->options->least) {
        place += step;
    }
    return place;
}

/* Put joints j and on at the first places after `from`; 0 where they have no room. */
static int
place_from(const nrdi_joined *own, int k, int j, size_t from, nrdi_places *out)
{
    for (; j < k; j++) {
        from = place_after(own, from);
        out->place[j] = from;
    }
    return from < 2 * (own->n - 1) &&
           rows_between(from, 2 * (own->n - 1)) >= (size_t) own->options->least;
}

int
nrdi_places_first(const nrdi_joined *own, int k, nrdi_places *out)
{
    return place_from(own, k, 0, 0, out);
}

int
nrdi_places_next(const nrdi_joined *own, int k, nrdi_places *out)
{
    const size_t step = own->options->between ? 1 : 2;

    for (int j = k - 1; j >= 0; j--) {
        const size_t moved = out->place[j] + step;

        out->place[j] = moved;
        if (place_from(own, k, j + 1, moved, out)) {
            return 1;
        }
    }
    return 0;
}

/* Rows without which k joints are not looked for: where their number is given, those that
 * leave a degree of freedom. */
static size_t
rows_for(const nrdi_joined *own, int k)
{
    const size_t joints = (size_t) k;

    return own->options->rule == NRD_JOINPOINT_GIVEN ? 2 * joints + 3 : 5 * joints + 2;
}

int
nrdi_joined_most(const nrdi_joined *own, int most)
{
    nrdi_places places;

    while (most > 0 &&
           (own->n < rows_for(own, most) || !nrdi_places_first(own, most, &places))) {
        most--;
    }
    return most;
}

/* Columns of a choice of places, orthonormal among each other and to all lines, and what
 * turns products with them into changes of slope and level. */
typedef struct {
    int terms;
    int joint_of[MOST_TERMS];              /* whose change of slope a column is */
    double *column;                        /* terms x n */
    double factor[MOST_TERMS][MOST_TERMS]; /* upper triangle */
} base;

static void
take_off(double *column, const double *unit, double share, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        column[i] = fma(-share, unit[i], column[i]);
    }
}

/* Make the last column orthonormal; twice is enough. 0 where it adds nothing. */
static int
settle(const nrdi_joined *own, base *in)
{
    const size_t n = own->n;
    const int last = in->terms;
    double *column = in->column + (size_t) last * n;
    const double before = nrdi_joined_product(column, column, n);
    double size;

    for (int round = 0; round < 2; round++) {
        for (size_t j = 0; j < 2; j++) {
            const double *unit = own->line + j * n;

            take_off(column, unit, nrdi_joined_product(column, unit, n), n);
        }
        for (int j = 0; j < last; j++) {
            const double *unit = in->column + (size_t) j * n;
            const double share = nrdi_joined_product(column, unit, n);

            in->factor[j][last] += share;
            take_off(column, unit, share, n);
        }
    }
    size = nrdi_joined_product(column, column, n);
    if (!(size > before * 0x1p-80)) {
        return 0;
    }
    in->factor[last][last] = sqrt(size);
    for (size_t i = 0; i < n; i++) {
        column[i] /= in->factor[last][last];
    }
    in->terms++;
    return 1;
}

/* The columns of one joint: for one between rows the change of level comes first. */
static int
add_joint(const nrdi_joined *own, size_t place, int joint, base *in)
{
    const size_t n = own->n, row = place / 2;

    for (int level = (int) (place % 2); level >= 0; level--) {
        double *column = in->column + (size_t) in->terms * n;

        memset(column, 0, n * sizeof *column);
        for (size_t i = row + 1; i < n; i++) {
            column[i] = own->root[i] * (level ? 1.0 : own->time[i] - own->time[row]);
        }
        in->joint_of[in->terms] = joint;
        for (int j = 0; j < in->terms; j++) {
            in->factor[j][in->terms] = 0.0;
        }
        if (!settle(own, in)) {
            return 0;
        }
    }
    return 1;
}

/* Changes of level and slope from the products of a column of values with the base. */
static void
solve(const base *in, const double (*share)[AT_ONCE], size_t at, double *out)
{
    for (int j = in->terms - 1; j >= 0; j--) {
        double rest = share[j][at];

        for (int m = j + 1; m < in->terms; m++) {
            rest = fma(-in->factor[j][m], out[m], rest);
        }
        out[j] = rest / in->factor[j][j];
    }
}

/* Times of the joints; 0 where lines do not cross between the rows of their joint. */
static int
cross(const nrdi_joined *own, const base *in, const nrdi_places *places,
    const double *change, double *joint)
{
    for (int j = 0, m = 0; m < in->terms; j++) {
        const size_t row = places->place[j] / 2;

        joint[j] = own->time[row];
        if (places->place[j] % 2 == 1) {
            const double after = -change[m] / change[m + 1];

            if (!(after > 0.0 && after < own->time[row + 1] - own->time[row])) {
                return 0;
            }
            joint[j] += after;
            m++;
        }
        m++;
    }
    return 1;
}

/* Sums of squares of some columns with these places, where they are less than so far. */
static void
improve(const nrdi_joined *own, int k, const base *in, const nrdi_places *places,
    const double *values, size_t stride, size_t some, const double *total, double *least,
    double *joint)
{
    double share[MOST_TERMS][AT_ONCE] = {{0.0}};
    const int crosses = in->terms > k;

    for (int j = 0; j < in->terms; j++) {
        for (size_t i = 0; i < own->n; i++) {
            const double unit = in->column[(size_t) j * own->n + i];
            const double *row = values + i * stride;

            for (size_t b = 0; b < some; b++) {
                share[j][b] += unit * row[b];
            }
        }
    }
    for (size_t b = 0; b < some; b++) {
        double rest = total[b], change[MOST_TERMS], at[NRDI_JOINTS];

        for (int j = 0; j < in->terms; j++) {
            rest -= share[j][b] * share[j][b];
        }
        rest = rest > 0.0 ? rest : 0.0;
        if (!(rest < least[b])) {
            continue;
        }
        if (crosses || (joint != NULL && b == 0)) {
            solve(in, (const double(*)[AT_ONCE]) share, b, change);
            if (!cross(own, in, places, change, at)) {
                continue;
            }
        }
        least[b] = rest;
        if (joint != NULL && b == 0) {
            memcpy(joint, at, (size_t) k * sizeof *joint);
        }
    }
}

void
nrdi_joined_level(const nrdi_joined *own, double *columns, size_t count)
{
    for (size_t b = 0; b < count; b++) {
        for (size_t j = 0; j < 2; j++) {
            const double *unit = own->line + j * own->n;
            double share = 0.0;

            for (size_t i = 0; i < own->n; i++) {
                share = fma(unit[i], columns[i * count + b], share);
            }
            for (size_t i = 0; i < own->n; i++) {
                columns[i * count + b] = fma(-share, unit[i], columns[i * count + b]);
            }
        }
    }
}

nrd_status
nrdi_joined_search(const nrdi_joined *own, int k, const double *columns, size_t count,
    double *least, double *joint)
{
    base in = {.column = own->term};
    double *total = own->sum + 2 * own->options->permutations + 2;
    nrdi_places places;
    int more;

    for (size_t b = 0; b < count; b++) {
        total[b] = 0.0;
        for (size_t i = 0; i < own->n; i++) {
            total[b] = fma(columns[i * count + b], columns[i * count + b], total[b]);
        }
        least[b] = k == 0 ? total[b] : (double) INFINITY;
    }
    for (more = k > 0 && nrdi_places_first(own, k, &places); more;
         more = nrdi_places_next(own, k, &places)) {
        int whole = 1;

        in.terms = 0;
        for (int j = 0; j < k && whole; j++) {
            whole = add_joint(own, places.place[j], j, &in);
        }
        for (size_t b = 0; b < count && whole; b += AT_ONCE) {
            improve(own, k, &in, &places, columns + b, count,
                count - b < AT_ONCE ? count - b : AT_ONCE, total + b, least + b,
                b == 0 ? joint : NULL);
        }
        if (nrdi_is_stopped(own->options->stop)) {
            return NRD_E_CANCELLED;
        }
    }
    return NRD_OK;
}
