/* A program as a user of the installed library would write it: the version is the one
 * expected, and in three communes between 2 and 3 meet the only criterion. */
#include <stdio.h>
#include <string.h>

#include <nrd/nrd.h>

static int
count_units(uint64_t *low, uint64_t *high, nrd_error *err)
{
    const int32_t units[] = {0, 1, 2};
    const int32_t criteria[] = {0, 0, 0};
    const int8_t states[] = {NRD_STATE_MET, NRD_STATE_MET, NRD_STATE_UNKNOWN};
    const nrd_column unit = {NRD_TYPE_INT32, 3, 0, units, NULL};
    const nrd_column criterion = {NRD_TYPE_INT32, 3, 0, criteria, NULL};
    const nrd_column state = {NRD_TYPE_INT8, 3, 0, states, NULL};
    nrd_attainment *matrix = NULL;
    int ok;

    ok = nrd_attainment_new(3, 1, &matrix, err) == NRD_OK &&
         nrd_attainment_fill(matrix, &unit, &criterion, &state, err) == NRD_OK &&
         nrd_attainment_criterion_counts(matrix, low, high, 1, err) == NRD_OK;
    nrd_attainment_free(matrix);
    return ok;
}

int
main(int argc, char **argv)
{
    nrd_error err = {NRD_OK, NRD_NO_ROW, ""};
    uint64_t low, high;

    if (argc != 2 || strcmp(nrd_version(), argv[1]) != 0) {
        (void) fprintf(stderr, "this is libnrd %s\n", nrd_version());
        return 1;
    }
    if (!count_units(&low, &high, &err)) {
        (void) fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    if (low != 2 || high != 3) {
        (void) fprintf(stderr, "expected 2 to 3 units\n");
        return 1;
    }
    (void) printf("libnrd %s with GSL %s and cJSON %s\n", nrd_version(), nrd_gsl_version(),
        nrd_cjson_version());
    return 0;
}
