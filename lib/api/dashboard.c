/* The page of the operator: spec/vmp.md 8.3, spec/ops.md 6. */
#include <stdio.h>
#include <string.h>

#include "api/books.h"
#include "api/page.h"
#include "api/probed.h"
#include "base/clock.h"
#include "census/census.h"
#include "cri/cri.h"
#include "escrow/said.h"
#include "evidence/issue.h"
#include "ledger/ledger.h"

#define DATA_MAX (1 << 20)
#define BOOKS_MAX (8 << 20)
#define DAYS 30
#define ROWS 10
#define WIDTH 600
#define TOP 4
#define TALL 115
#define FLOOR 120

static void
day_text(int64_t day, char out[11])
{
	char text[CLOCK_TEXT];

	clock_text(day * CLOCK_DAY_MS, text);
	memcpy(out, text, 10);
	out[10] = '\0';
}

/* Two values a day, one on the other: of minor units, or how many. */
struct chart {
	const char *name, *first, *second;	/* second: NULL, one value */
	bool money;
	int64_t day[DAYS][2];
	int64_t today, from;		/* days; nothing was before from */
};

static void
value_text(const struct chart *ch, int64_t value, char out[AMOUNT_TEXT])
{
	if (ch->money)
		amount_print(value, 2, out);
	else
		snprintf(out, AMOUNT_TEXT, "%lld", (long long)value);
}

static void
put_bar(struct buf *out, const struct chart *ch, int i, int which, int64_t y,
    int64_t height)
{
	char day[11], value[AMOUNT_TEXT];
	struct buf label = BUF_INIT(256);

	day_text(ch->today - DAYS + 1 + i, day);
	value_text(ch, ch->day[i][which], value);
	buf_addf(&label, "%s: %s %s", day, value,
	    which ? ch->second : ch->first);
	json_open(out, NULL, '{');
	json_str(out, "class", which ? "b" : "a");
	json_int(out, "x", i * (WIDTH / DAYS) + 2);
	json_int(out, "y", y);
	json_int(out, "width", WIDTH / DAYS - 4);
	json_int(out, "height", height);
	json_str(out, "label", label.data);
	json_close(out, '}');
	buf_release(&label);
}

static void
put_bars(struct buf *out, const struct chart *ch, int64_t most)
{
	int64_t a, b;
	int i;

	json_open(out, "bars", '[');
	for (i = 0; i < DAYS && most; i++) {
		a = (int64_t)((amount_wide)ch->day[i][0] * (FLOOR - TOP - 16) /
		    most);
		b = (int64_t)((amount_wide)ch->day[i][1] * (FLOOR - TOP - 16) /
		    most);
		if (ch->day[i][0])
			put_bar(out, ch, i, 0, FLOOR - (a ? a : 1),
			    a ? a : 1);
		if (ch->day[i][1])
			put_bar(out, ch, i, 1, FLOOR - a - (b ? b : 1),
			    b ? b : 1);
	}
	json_close(out, ']');
}

/* Days before the first are no days without anything: nothing is known. */
static void
put_gap(struct buf *out, const struct chart *ch)
{
	int64_t n = ch->from - (ch->today - DAYS + 1);

	if (n <= 0 || !ch->from)
		return;
	n = n > DAYS ? DAYS : n;
	json_open(out, "gap", '{');
	json_int(out, "x", 1);
	json_int(out, "width", n * (WIDTH / DAYS) - 2);
	json_int(out, "text_x", n * (WIDTH / DAYS) / 2 - 30);
	json_close(out, '}');
}

static void
put_table(struct buf *out, const struct chart *ch)
{
	char text[AMOUNT_TEXT], day[11];
	int i;

	json_open(out, "columns", '[');
	json_str(out, NULL, ch->first);
	if (ch->second)
		json_str(out, NULL, ch->second);
	json_close(out, ']');
	json_open(out, "days", '[');
	for (i = DAYS; i-- > 0;) {
		if (ch->today - DAYS + 1 + i < ch->from)
			continue;
		day_text(ch->today - DAYS + 1 + i, day);
		json_open(out, NULL, '{');
		json_str(out, "day", day);
		json_open(out, "values", '[');
		value_text(ch, ch->day[i][0], text);
		json_str(out, NULL, text);
		if (ch->second) {
			value_text(ch, ch->day[i][1], text);
			json_str(out, NULL, text);
		}
		json_close(out, ']');
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
put_chart(struct buf *out, const char *key, const struct chart *ch)
{
	int64_t most = 0, sum[2] = { 0, 0 };
	char a[AMOUNT_TEXT], b[AMOUNT_TEXT], day[11];
	struct buf text = BUF_INIT(512);
	int i;

	for (i = 0; i < DAYS; i++) {
		sum[0] += ch->day[i][0];
		sum[1] += ch->day[i][1];
		if (ch->day[i][0] + ch->day[i][1] > most)
			most = ch->day[i][0] + ch->day[i][1];
	}
	value_text(ch, sum[0], a);
	value_text(ch, sum[1], b);
	buf_addf(&text, "%s of the last %d days: %s %s", ch->name, DAYS, a,
	    ch->first);
	if (ch->second)
		buf_addf(&text, " (blue), %s %s (orange, above)", b,
		    ch->second);
	json_open(out, key, '{');
	json_str(out, "name", ch->name);
	json_str(out, "sentence", text.data);
	put_gap(out, ch);
	put_bars(out, ch, most);
	day_text(ch->today - DAYS + 1, day);
	json_str(out, "from", day);
	day_text(ch->today, day);
	json_str(out, "to", day);
	value_text(ch, most, a);
	buf_reset(&text);
	buf_addf(&text, "most: %s", a);
	json_str(out, "most", most ? text.data : "");
	put_table(out, ch);
	json_close(out, '}');
	buf_release(&text);
}

static int
put_charts(struct call *c, struct buf *out, const struct census *n,
    struct err *e)
{
	int64_t today = c->now_ms / CLOCK_DAY_MS, first = today - DAYS + 1;
	struct chart volume = {
		.name = "Volume", .first = "TCK settled", .money = true,
		.today = today, .from = n->first_ms / CLOCK_DAY_MS,
	};
	struct chart ends = {
		.name = "Escrows", .first = "settled", .second = "refunded",
		.today = today, .from = n->first_ms / CLOCK_DAY_MS,
	};
	struct census_day day[CENSUS_DAYS];
	int i, got = census_days(c->store, first * CLOCK_DAY_MS, c->now_ms,
	    day, e);

	for (i = 0; i < got; i++) {
		if (day[i].day < first || day[i].day > today)
			continue;
		volume.day[day[i].day - first][0] = day[i].minor;
		ends.day[day[i].day - first][0] = day[i].settled;
		ends.day[day[i].day - first][1] = day[i].refunded;
	}
	put_chart(out, "volume", &volume);
	put_chart(out, "ends", &ends);
	return got < 0 ? -1 : 0;
}

static void
put_escrows(struct buf *out, const struct census *n)
{
	const struct {
		const char *state;
		int64_t n;
	} rows[] = {
		{ "PENDING", n->pending }, { "AWAITING_SETTLEMENT",
		    n->awaiting }, { "DISPUTED", n->in_dispute },
		{ "SETTLED", n->settled }, { "REFUNDED", n->refunded },
	}, waits[] = {
		{ "overdue settlements", n->overdue_settle },
		{ "overdue refunds", n->overdue_refund },
		{ "parked", n->parked }, { "open for too long", n->stale },
		{ "in dispute", n->in_dispute },
		{ "webhooks given up", n->hooks_exhausted },
	};
	struct buf text = BUF_INIT(128);
	size_t i;

	json_open(out, "escrows", '[');
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_open(out, NULL, '{');
		json_str(out, "state", rows[i].state);
		json_int(out, "n", rows[i].n);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_open(out, "waits", '[');
	for (i = 0; i < sizeof(waits) / sizeof(*waits); i++)
		if (waits[i].n) {
			buf_reset(&text);
			buf_addf(&text, "%lld %s", (long long)waits[i].n,
			    waits[i].state);
			json_str(out, NULL, text.data);
		}
	json_close(out, ']');
	buf_release(&text);
}

/* The parts of a reconciliation that people read. */
static int
put_books(struct call *c, struct buf *out, struct err *e)
{
	static const char *const names[] = {
		"conservation", "non_negative", "double_entry",
		"idempotency", "refund_timeliness", "purses",
	}, *const words[] = {
		"Nothing is made or lost", "Nothing is below zero",
		"Each balance is the sum of its legs",
		"Nothing was done twice", "Refunds are in time",
		"What nodes have out is what they locked",
	};
	struct buf text = BUF_INIT(BOOKS_MAX);
	struct json root = { 0 }, checks, v;
	bool sound;
	int rc = -1;
	size_t i;

	if (books_write(c, &text, &sound, e) ||
	    json_parse(&root, text.data, text.len, e))
		goto out;
	json_bool(out, "sound", json_find(&v, &root, "valid") &&
	    json_true(&v));
	json_str(out, "discrepancy", json_find(&v, &root, "discrepancy") ?
	    json_string(&v) : "0.00");
	json_open(out, "books", '{');
	for (i = 0; i < 5; i++) {
		static const char *const sums[] = {
			"total_minted", "total_in_wallets", "total_in_vault",
			"total_in_escrow", "total_in_bounties",
		};

		json_str(out, sums[i], json_find(&v, &root, sums[i]) ?
		    json_string(&v) : "0.00");
	}
	json_close(out, '}');
	json_open(out, "checks", '[');
	for (i = 0; i < sizeof(names) / sizeof(*names) &&
	    json_find(&checks, &root, "checks"); i++) {
		json_open(out, NULL, '{');
		json_str(out, "name", words[i]);
		json_bool(out, "holds", json_find(&v, &checks, names[i]) &&
		    json_true(&v));
		json_close(out, '}');
	}
	json_close(out, ']');
	rc = 0;
out:
	json_release(&root);
	buf_release(&text);
	return rc;
}

static int
put_log(struct call *c, struct buf *out, struct err *e)
{
	struct ledger_head head;
	int64_t size, at_ms;
	char root[HASH_HEX];
	int got;

	if (ledger_head(c->store, &head, e))
		return -1;
	hash_hex(root, &head.root);
	json_int(out, "size", head.size);
	json_str(out, "root", root);
	got = issue_newest(c->store, &size, &at_ms, e);
	if (got > 0) {
		json_open(out, "checkpoint", '{');
		json_int(out, "size", size);
		json_time(out, "at", at_ms);
		json_close(out, '}');
	}
	return got < 0 ? -1 : 0;
}

static int
put_disputes(struct call *c, struct buf *out, struct err *e)
{
	const struct escrow_rule_filter f = { .limit = ROWS };
	struct escrow_rule r;
	struct query q;
	int64_t n = 0;
	int got;

	json_open(out, "disputes", '[');
	escrow_rules_list(&q, c->store, &f);
	while ((got = escrow_rules_next(&q, &r, e)) > 0) {
		n++;
		json_open(out, NULL, '{');
		json_time(out, "created_at", r.made_ms);
		json_str(out, "rule_applied", r.rule);
		json_str(out, "action_taken", r.action);
		json_str(out, "escrow_id", r.escrow_id ? r.escrow_id : "");
		json_str(out, "escrow_status",
		    r.escrow_status ? r.escrow_status : "");
		json_bool(out, "waits", r.escrow_status &&
		    !strcmp(r.escrow_status, "DISPUTED"));
		json_strn(out, "said", r.details ? r.details : "",
		    r.details ? strnlen(r.details, 400) : 0);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_bool(out, "some_disputes", n > 0);
	return got;
}

static int
put_nodes(struct call *c, struct buf *out, struct err *e)
{
	struct cri_place p;
	struct query q;
	char rank[24];
	int got;

	json_open(out, "nodes", '[');
	cri_board_open(&q, c->store, ROWS, 0);
	while ((got = cri_board_next(&q, &p, e)) > 0) {
		snprintf(rank, sizeof(rank), "%s%lld", p.rank ? "#" : "",
		    (long long)p.rank);
		json_open(out, NULL, '{');
		json_str(out, "node_id", p.node_id);
		json_str(out, "level", cri_rung(p.level.id)->name);
		cri_score_write(out, "cri", p.level.tenths);
		json_str(out, "genesis", p.rank ? rank : "");
		json_close(out, '}');
	}
	query_close(&q);
	json_close(out, ']');
	return got;
}

/* Numbers that are nothing are left out: the tile names what there is. */
static int
put_probed(struct call *c, struct buf *out, struct err *e)
{
	int64_t n[STATE__COUNT], up;

	if (probed_count(c, n, e))
		return -1;
	up = n[STATE_UP] + n[STATE_DEGRADED];
	json_int(out, "probed", up + n[STATE_DOWN] + n[STATE_UNKNOWN]);
	json_int(out, "probed_up", up);
	if (n[STATE_DOWN])
		json_int(out, "probed_down", n[STATE_DOWN]);
	if (n[STATE_UNKNOWN])
		json_int(out, "probed_unknown", n[STATE_UNKNOWN]);
	return 0;
}

static int
do_dashboard(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), metrics = BUF_INIT(8192);
	struct census n;
	int rc = -1;

	if (census_take(c->store, c->params, c->now_ms, &n, e))
		goto out;
	census_write(&metrics, &n, c->now_ms);
	json_close(&metrics, '}');
	json_open(&data, NULL, '{');
	json_raw(&data, "metrics", metrics.data, metrics.len);
	put_escrows(&data, &n);
	if (put_probed(c, &data, e) || put_charts(c, &data, &n, e) ||
	    put_books(c, &data, e) || put_log(c, &data, e) ||
	    put_disputes(c, &data, e) || put_nodes(c, &data, e))
		goto out;
	rc = page_show(c, &(struct shown){ .file = "dashboard.html",
	    .title = "Dashboard", .path = "/v1/admin/dashboard",
	    .description = "For the operator of this grid" }, &data, e);
out:
	buf_release(&data);
	buf_release(&metrics);
	return rc;
}

const struct route routes_dashboard[] = {
	{ "GET", "/v1/admin/dashboard", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .flags = ROUTE_BASIC, .act = do_dashboard,
	    .tag = "admin", .media = "text/html",
	    .summary = "The page of the operator" },
	{ 0 }
};
