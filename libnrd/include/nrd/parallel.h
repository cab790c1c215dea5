#ifndef NRD_PARALLEL_H
#define NRD_PARALLEL_H

#include <nrd/status.h>

/* cffi: begin */

/**
 * Threads that a call uses which asks for `threads`: that many, or where it is 0 the number
 * in the environment variable NRD_NUM_THREADS, or else one for each processor that this
 * process may use. Never less than 1, never more than 1024.
 *
 * Threads are made for a call and have ended when it returns: a child made by fork between
 * two calls can use the library.
 */
NRD_API int nrd_thread_count(int threads);

/* cffi: end */

#endif
