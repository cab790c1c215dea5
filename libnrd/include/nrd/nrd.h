#ifndef NRD_NRD_H
#define NRD_NRD_H

/* Everything libnrd offers. */

#include <nrd/adjust.h>
#include <nrd/anova.h>
#include <nrd/assess.h>
#include <nrd/attainment.h>
#include <nrd/bootstrap.h>
#include <nrd/bootstrap_interval.h>
#include <nrd/bootstrap_moments.h>
#include <nrd/column.h>
#include <nrd/criteria.h>
#include <nrd/crosswalk.h>
#include <nrd/decimal.h>
#include <nrd/dist.h>
#include <nrd/exact.h>
#include <nrd/gap.h>
#include <nrd/inequality.h>
#include <nrd/interval.h>
#include <nrd/joinpoint.h>
#include <nrd/kendall.h>
#include <nrd/level.h>
#include <nrd/moments.h>
#include <nrd/order.h>
#include <nrd/order_groups.h>
#include <nrd/parallel.h>
#include <nrd/permutation.h>
#include <nrd/powers.h>
#include <nrd/projection.h>
#include <nrd/random.h>
#include <nrd/regression.h>
#include <nrd/resource.h>
#include <nrd/sandwich.h>
#include <nrd/slope.h>
#include <nrd/status.h>
#include <nrd/trend.h>
#include <nrd/trend_serial.h>
#include <nrd/wild.h>

#endif
