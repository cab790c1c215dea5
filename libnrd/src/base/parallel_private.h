#ifndef NRDI_PARALLEL_PRIVATE_H
#define NRDI_PARALLEL_PRIVATE_H

#include <nrd/parallel.h>

#include <stddef.h>

#define NRDI_THREADS_MAX 1024

/* Whether the caller asked a long call to stop; stop may be NULL. */
static inline int
nrdi_is_stopped(const int *stop)
{
    return stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

/* Call work(shared, 0) .. work(shared, workers - 1), each in a thread of its own, and wait
 * for all. Where no thread can be had the caller's does the work: this cannot fail. */
void nrdi_parallel_run(int workers, void (*work)(void *shared, int worker), void *shared);

#endif
