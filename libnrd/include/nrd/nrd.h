#ifndef NRD_NRD_H
#define NRD_NRD_H

/* Everything libnrd offers: what is stated about an NRD evaluation, counted exactly. */

#include <nrd/attainment.h>
#include <nrd/column.h>
#include <nrd/criteria.h>
#include <nrd/decimal.h>
#include <nrd/dist.h>
#include <nrd/gap.h>
#include <nrd/interval.h>
#include <nrd/resource.h>
#include <nrd/status.h>

#endif
