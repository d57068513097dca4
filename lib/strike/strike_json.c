#include "base/buf.h"
#include "base/json.h"
#include "strike/strike.h"

void
strike_write(struct buf *out, const struct struck *s)
{
	json_open(out, NULL, '{');
	json_str(out, "report_id", s->id);
	json_str(out, "node_id", s->node_id);
	json_str(out, "status", s->banned ? "BANNED" : s->counted ?
	    "STRIKE_LOGGED" : "REPORT_LOGGED");
	json_int(out, "current_strikes", s->strikes);
	json_bool(out, "counted", s->counted);
	if (s->banned) {
		json_str(out, "event", "PERMANENT_NODE_PURGE");
		json_amount(out, "confiscated_balance", s->taken);
	}
	json_close(out, '}');
}

void
strike_reported_write(struct buf *out, const struct reported *r)
{
	json_open(out, NULL, '{');
	json_str(out, "report_id", r->id);
	json_str(out, "node_id", r->target_id);
	if (*r->reporter_id)
		json_str(out, "reporter_id", r->reporter_id);
	json_str_if(out, "task_id", r->task_id);
	json_str_if(out, "reason", r->reason);
	json_bool(out, "counted", r->counted);
	json_time(out, "at", r->made_ms);
	json_close(out, '}');
}

int
strike_report_read(struct report *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "target_id", "reason", "task_id", NULL,
	};

	*out = (struct report){ 0 };
	return json_only(in, keys, e) ||
	    json_get_str(in, "target_id", &out->target_id, e) ||
	    json_opt_str(in, "node_id", &out->reporter_id, e) ||
	    json_opt_str(in, "reason", &out->reason, e) ||
	    json_opt_str(in, "task_id", &out->task_id, e) ? -1 : 0;
}
