#define _GNU_SOURCE /* sched_getaffinity */

#include "parallel_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

static long
processors(void)
{
#ifdef __linux__
    cpu_set_t usable;

    if (sched_getaffinity(0, sizeof usable, &usable) == 0) {
        return CPU_COUNT(&usable);
    }
#endif
    return sysconf(_SC_NPROCESSORS_ONLN);
}

/* A number from 1 on, or 0 for anything else. */
static long
from_environment(void)
{
    const char *text = getenv("NRD_NUM_THREADS");
    char *end = NULL;
    const long number = text != NULL ? strtol(text, &end, 10) : 0;

    return text != NULL && end != text && *end == '\0' && number > 0 ? number : 0;
}

int
nrd_thread_count(int threads)
{
    long count = threads > 0 ? threads : from_environment();

    if (count <= 0) {
        count = processors();
    }
    return count < 1 ? 1 : count > NRDI_THREADS_MAX ? NRDI_THREADS_MAX : (int) count;
}

typedef struct {
    void (*work)(void *shared, int worker);
    void *shared;
    int worker;
    pthread_t thread;
    int started;
} job;

static void *
run_job(void *argument)
{
    const job *own = argument;

    own->work(own->shared, own->worker);
    return NULL;
}

void
nrdi_parallel_run(int workers, void (*work)(void *shared, int worker), void *shared)
{
    job jobs[NRDI_THREADS_MAX];

    for (int i = 1; i < workers; i++) {
        jobs[i] = (job){.work = work, .shared = shared, .worker = i};
        jobs[i].started = pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i]) == 0;
    }
    work(shared, 0);
    for (int i = 1; i < workers; i++) {
        if (jobs[i].started) {
            (void) pthread_join(jobs[i].thread, NULL);
        } else {
            work(shared, i);
        }
    }
}
