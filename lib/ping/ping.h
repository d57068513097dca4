/*
 * ping - the verbs of bzn-ping: what a person or cron asked for, and what is
 * said of it.  The rules are those of lib/health, lib/alert and lib/probe.
 */
#ifndef PING_H
#define PING_H

#include "cli/cli.h"

int ping_stats(struct cli *, struct err *) CHECKED;

#endif
