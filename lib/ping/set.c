/* What a node has of its own: how often it is asked, who is told of it. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/lines.h"
#include "health/health.h"
#include "ping/impl.h"

#define INTERVAL_LEAST_MS 1000		/* that of the parameter */

static void
write(struct buf *out, const struct health_setting *own)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", own->node_id);
	if (own->interval_ms)
		json_int(out, "interval_ms", own->interval_ms);
	else
		json_null(out, "interval_ms");
	json_field_or_null(out, "owner", own->owner);
	json_field_or_null(out, "depends", own->depends);
	json_bool(out, "require_signed", own->is_signed);
	json_close(out, '}');
	buf_addc(out, '\n');
}

static int
yes_or_no(const char *word, bool *out, struct err *e)
{
	*out = !strcmp(word, "yes");
	return *out || !strcmp(word, "no") ? 0 : err_set(e, E_usage,
	    "--require-signed: '%.20s' is not yes or no", word);
}

/* "" and "0" take away what was set. */
static int
change(struct store *s, const struct ping_set *say,
    struct health_setting *own, struct err *e)
{
	own->interval_ms = say->interval && !strcmp(say->interval, "0") ?
	    0 : own->interval_ms;
	if (say->interval && strcmp(say->interval, "0") &&
	    ping_span("--interval", say->interval, INTERVAL_LEAST_MS,
	    &own->interval_ms, e))
		return -1;
	if (say->owner && snprintf(own->owner, sizeof(own->owner), "%s",
	    say->owner) >= (int)sizeof(own->owner))
		return err_set(e, E_bad_email, "the address is too long");
	if (say->depends && !*say->depends)
		*own->depends = '\0';
	else if (say->depends && ping_find(s, say->depends, own->depends, e))
		return err_wrap(e, "--depends");
	return say->require_signed ? yes_or_no(say->require_signed,
	    &own->is_signed, e) : 0;
}

static int
act(struct cli *c, void *arg, struct buf *out, struct err *e)
{
	const struct ping_set *say = arg;
	struct health_setting own;
	char node_id[HASH_HEX];

	if (ping_find(c->store, c->argv[0], node_id, e) ||
	    health_setting(c->store, node_id, &own, e) ||
	    change(c->store, say, &own, e) ||
	    health_set_in(c->store, &own, e) ||
	    health_setting(c->store, node_id, &own, e))
		return -1;
	write(out, &own);
	return 0;
}

int
ping_set(struct cli *c, const struct ping_set *say, struct err *e)
{
	struct buf request = BUF_INIT(PING_RECORD);
	struct ping_set own = *say;
	const struct lines lines = { .act = act, .arg = &own };
	int rc;

	if (cli_store(c, e))
		return -1;
	json_open(&request, NULL, '{');
	json_str(&request, "node", c->argv[0]);
	json_str_if(&request, "interval", say->interval);
	json_str_if(&request, "owner", say->owner);
	json_str_if(&request, "depends", say->depends);
	json_str_if(&request, "require_signed", say->require_signed);
	json_close(&request, '}');
	rc = lines_run(c, &request, &lines, e);
	buf_release(&request);
	return rc;
}
