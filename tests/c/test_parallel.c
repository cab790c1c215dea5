#define _GNU_SOURCE /* sched_setaffinity, setenv, pthread_setattr_default_np */

#include <limits.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#include "moments_toy.h"
#include "parallel_private.h"

#define WORKERS 64
#define ROWS 70001

static void
asked_for_is_had(void **state)
{
    (void) state;
    assert_int_equal(setenv("NRD_NUM_THREADS", "7", 1), 0);
    assert_int_equal(nrd_thread_count(1), 1);
    assert_int_equal(nrd_thread_count(3), 3);
    assert_int_equal(nrd_thread_count(1024), 1024);
    assert_int_equal(nrd_thread_count(1025), 1024);
    assert_int_equal(nrd_thread_count(INT_MAX), 1024);
}

static void
the_environment_decides_else(void **state)
{
    static const struct {
        const char *text;
        int expected;
    } cases[] = {{"1", 1}, {"3", 3}, {"19", 19}, {"1024", 1024}, {"1025", 1024},
        {"99999999999999999999999", 1024}};

    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(setenv("NRD_NUM_THREADS", cases[i].text, 1), 0);
        assert_int_equal(nrd_thread_count(0), cases[i].expected);
    }
}

/* What is no number from 1 on is as if it were not there. */
static void
rubbish_in_the_environment_is_ignored(void **state)
{
    static const char *const texts[] = {
        "", "0", "-2", "all", "3x", "2.5", "3 ", "0x10", "-99999999999999999999999"};
    int expected;

    (void) state;
    assert_int_equal(unsetenv("NRD_NUM_THREADS"), 0);
    expected = nrd_thread_count(0);
    assert_in_range(expected, 1, 1024);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(setenv("NRD_NUM_THREADS", texts[i], 1), 0);
        assert_int_equal(nrd_thread_count(0), expected);
        assert_int_equal(nrd_thread_count(2), 2);
    }
    assert_int_equal(unsetenv("NRD_NUM_THREADS"), 0);
}

#ifdef __linux__
/* One thread for each processor that this process may use, not for each there is. */
static void
processors_decide_last(void **state)
{
    cpu_set_t usable, one;

    (void) state;
    assert_int_equal(unsetenv("NRD_NUM_THREADS"), 0);
    assert_int_equal(sched_getaffinity(0, sizeof usable, &usable), 0);
    assert_int_equal(nrd_thread_count(0), CPU_COUNT(&usable));
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &usable)) {
            CPU_SET(i, &one);
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(nrd_thread_count(0), 1);
    assert_int_equal(sched_setaffinity(0, sizeof usable, &usable), 0);
}
#endif

/* How often each worker was called, and by which thread. */
typedef struct {
    int calls[WORKERS];
    pthread_t thread[WORKERS];
} calls;

static void
note_call(void *shared, int worker)
{
    calls *own = shared;

    own->calls[worker]++;
    own->thread[worker] = pthread_self();
}

/* Each worker once; how many of them in the thread of the caller. */
static int
run_workers(int workers)
{
    calls noted;
    int own = 0;

    memset(&noted, 0, sizeof noted);
    nrdi_parallel_run(workers, note_call, &noted);
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(noted.calls[i], i < workers);
        own += i < workers && pthread_equal(noted.thread[i], pthread_self());
    }
    return own;
}

static void
each_worker_has_a_thread(void **state)
{
    static const int workers[] = {1, 2, 7, WORKERS};

    (void) state;
    for (size_t i = 0; i < sizeof workers / sizeof workers[0]; i++) {
        assert_int_equal(run_workers(workers[i]), 1);
    }
}

#ifdef __GLIBC__
/* Threads with stacks larger than there are addresses cannot be had. */
static void
without_threads_the_caller_works(void **state)
{
    pthread_attr_t usual, huge;

    (void) state;
    assert_int_equal(pthread_getattr_default_np(&usual), 0);
    assert_int_equal(pthread_attr_init(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t) 1 << 60), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    assert_int_equal(run_workers(5), 5);
    assert_int_equal(pthread_setattr_default_np(&usual), 0);
    assert_int_equal(run_workers(5), 1);
    (void) pthread_attr_destroy(&usual);
    (void) pthread_attr_destroy(&huge);
}
#endif

/* The bytes of many rows, added in three threads. */
static uint8_t *
bytes_of_many_rows(size_t *length)
{
    static double x[ROWS];
    const toy_rows rows = toy_of(ROWS, x, NULL);
    nrd_moments *moments = toy_new(&rows);
    uint64_t seed = 72;
    uint8_t *bytes;

    for (size_t i = 0; i < ROWS; i++) {
        x[i] = next_double(&seed, -9, 9);
    }
    toy_add(moments, &rows, 0, ROWS, 3);
    bytes = toy_bytes(moments, length);
    nrd_moments_free(moments);
    return bytes;
}

/* A child made after threads have run can run threads: their end was waited for. */
static void
a_child_can_use_threads(void **state)
{
    size_t length, own_length;
    uint8_t *bytes = bytes_of_many_rows(&length);
    int status = -1;
    pid_t child;

    (void) state;
    (void) fflush(NULL);
    child = fork();
    if (child == 0) {
        uint8_t *own;

        (void) alarm(60);
        own = bytes_of_many_rows(&own_length);
        _exit(own_length == length && memcmp(own, bytes, length) == 0 ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    free(bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asked_for_is_had),
        cmocka_unit_test(the_environment_decides_else),
        cmocka_unit_test(rubbish_in_the_environment_is_ignored),
#ifdef __linux__
        cmocka_unit_test(processors_decide_last),
#endif
        cmocka_unit_test(each_worker_has_a_thread),
#ifdef __GLIBC__
        cmocka_unit_test(without_threads_the_caller_works),
#endif
        cmocka_unit_test(a_child_can_use_threads),
    };

    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
