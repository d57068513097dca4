/* market_impl - what the verbs of bzn-market share; for lib/desk only. */
#ifndef DESK_MARKET_IMPL_H
#define DESK_MARKET_IMPL_H

#include "desk/market.h"
#include "market/market.h"

#define DESK_MARKET_RECORD 262144	/* bytes of a record */

#endif
