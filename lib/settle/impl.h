/*
 * impl - what the files of settle share; nobody else includes it.
 */
#ifndef SETTLE_IMPL_H
#define SETTLE_IMPL_H

#include "settle/settle.h"

#define SETTLE_SWEPT "refund_sweep_ms"	/* name of the number in the store */

#endif
