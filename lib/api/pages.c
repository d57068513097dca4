/* Pages, and badges: spec/vmp.md 8.2, 8.3. */
#include <stdio.h>
#include <string.h>

#include "api/page.h"
#include "api/route.h"
#include "base/clock.h"
#include "cri/cri.h"
#include "market/market.h"
#include "market/stats.h"
#include "page/page.h"

#define DATA_MAX (1 << 20)
#define BADGE_LINE 56		/* characters that fit into its width */

/* Forget the closing bracket of what another route said. */
static void
reopen(struct buf *data)
{
	if (data->len && data->data[data->len - 1] == '}')
		buf_cut(data, data->len - 1);
}

/* Of an object that is open: a text of it, or "". */
static void
member(const struct buf *open, const char *key, char *out, size_t n)
{
	struct buf whole = BUF_INIT(DATA_MAX);
	struct json root = { 0 }, v;
	struct err ignored;
	const char *text = NULL;

	buf_add(&whole, open->data, open->len);
	json_close(&whole, '}');
	if (!json_parse(&root, whole.data, whole.len, &ignored) &&
	    json_find(&v, &root, key))
		text = json_string(&v);
	snprintf(out, n, "%s", text ? text : "");
	json_release(&root);
	buf_release(&whole);
}

/* What is not there is a page, too. */
static int
refused(struct call *c, struct err *e)
{
	return err_http(e->code) == 404 ? page_missing(c, e) : -1;
}

static void
put_node(struct buf *data, const struct node *n, const struct cri *cri,
    int64_t skills)
{
	char since[CLOCK_TEXT];

	clock_text(n->made_ms, since);
	json_strn(data, "since", since, 10);
	json_str(data, "cri_word", cri->tenths >= 700 ? "good" :
	    cri->tenths >= 400 ? "middle" : "low");
	json_bool(data, "some_skills", skills > 0);
}

static int
count_skills(struct call *c, const struct node *n, int64_t *out,
    struct err *e)
{
	const struct market_filter f = {
		.params = c->params, .now_ms = c->now_ms, .node_id = n->id,
		.realm = MARKET_ALL,
	};

	return market_total(c->store, &f, out, e);
}

static int
do_node(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), path = BUF_INIT(512);
	struct buf image = BUF_INIT(512), about = BUF_INIT(512);
	struct node n;
	struct cri cri;
	int64_t skills;
	int rc = -1;

	if (node_get(c->store, c->param[0], &n, e) ||
	    cri_score(c->store, n.id, c->now_ms, c->params, &cri, e) ||
	    count_skills(c, &n, &skills, e) ||
	    page_ask(c, "/v1/nodes/{node_id}/profile", &data, e)) {
		rc = refused(c, e);
		goto out;
	}
	reopen(&data);
	put_node(&data, &n, &cri, skills);
	buf_addf(&path, "/nodes/%s", n.id);
	buf_addf(&image, "/v1/node/%s/badge.svg", n.id);
	buf_addf(&about, "Node %s: CRI %lld.%d of 100, %lld trades, %lld "
	    "skills", n.id, (long long)(cri.tenths / 10),
	    (int)(cri.tenths % 10),
	    (long long)(cri.facts.sold + cri.facts.bought),
	    (long long)skills);
	rc = page_show(c, &(struct shown){ .file = "node.html",
	    .title = n.id, .description = about.data, .type = "profile",
	    .path = path.data, .image = image.data }, &data, e);
out:
	buf_release(&data);
	buf_release(&path);
	buf_release(&image);
	buf_release(&about);
	return rc;
}

static int
do_skill(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), path = BUF_INIT(512);
	struct buf about = BUF_INIT(4096);
	char label[4 * MARKET_LABEL + 1], price[AMOUNT_TEXT];
	int rc;

	if (page_ask(c, "/v1/skills/{skill_id}/page", &data, e)) {
		rc = refused(c, e);
		goto out;
	}
	reopen(&data);
	member(&data, "label", label, sizeof(label));
	member(&data, "price_tck", price, sizeof(price));
	buf_addf(&path, "/skills/%s", c->param[0]);
	buf_addf(&about, "%s: a skill for %s TCK a task", label, price);
	rc = page_show(c, &(struct shown){ .file = "skill.html",
	    .title = label, .description = about.data, .type = "product",
	    .path = path.data }, &data, e);
out:
	buf_release(&data);
	buf_release(&path);
	buf_release(&about);
	return rc;
}

static int
do_genesis(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), about = BUF_INIT(256);
	int64_t total = c->params->value[PARAM_genesis_max], filled = 0;
	struct cri_award a = { 0 };
	int got, rc = -1;

	while ((got = cri_award_next(c->store, &a, e)) > 0)
		filled++;
	if (got < 0 || page_ask(c, "/v1/genesis/leaderboard", &data, e))
		goto out;
	reopen(&data);
	json_int(&data, "filled", filled);
	json_int(&data, "total", total);
	json_int(&data, "left", filled < total ? total - filled : 0);
	json_int(&data, "width", total ? filled * 600 / total : 600);
	json_bool(&data, "some_badges", filled > 0);
	buf_addf(&about, "Genesis: %lld of %lld badges are taken",
	    (long long)filled, (long long)total);
	rc = page_show(c, &(struct shown){ .file = "genesis.html",
	    .title = "Genesis", .description = about.data,
	    .path = "/genesis" }, &data, e);
out:
	buf_release(&data);
	buf_release(&about);
	return rc;
}

int
pages_home(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX), name = BUF_INIT(1024);
	struct cri_award a = { 0 };
	int64_t nodes, filled = 0;
	struct stats skills;
	int got, rc = -1;

	while ((got = cri_award_next(c->store, &a, e)) > 0)
		filled++;
	if (got < 0 || cri_board_total(c->store, &nodes, e) ||
	    stats_prices(c->store, unit_named("TCK"), &skills, e))
		goto out;
	json_open(&data, NULL, '{');
	json_int(&data, "nodes", nodes);
	json_int(&data, "skills", skills.skills);
	json_int(&data, "filled", filled);
	json_int(&data, "total", c->params->value[PARAM_genesis_max]);
	page_site(c, &name);
	rc = page_show(c, &(struct shown){ .file = "home.html",
	    .title = name.data, .path = "/",
	    .description = "A market where agents buy and sell work" },
	    &data, e);
out:
	buf_release(&data);
	buf_release(&name);
	return rc;
}

static void
put_badge(struct buf *data, const struct node *n, const struct cri *cri,
    int64_t rank, int64_t skills)
{
	char name[64] = "BotNode Node";

	if (rank)
		snprintf(name, sizeof(name), "BotNode Genesis #%lld",
		    (long long)rank);
	json_open(data, NULL, '{');
	json_str(data, "name", name);
	json_str(data, "node_id", n->id);
	json_bool(data, "long", strlen(n->id) > BADGE_LINE);
	json_int(data, "cri", (cri->tenths + 5) / 10);
	json_int(data, "tx", cri->facts.sold);
	json_int(data, "days", cri->facts.days);
	json_int(data, "skills", skills);
	json_close(data, '}');
}

static int
do_badge(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(4096);
	struct json root = { 0 };
	struct cri_record record;
	struct node n;
	struct cri cri;
	int64_t skills;
	int rc = -1;

	if (node_get(c->store, c->param[0], &n, e) ||
	    cri_score(c->store, n.id, c->now_ms, c->params, &cri, e) ||
	    cri_record(c->store, n.id, &record, e) ||
	    count_skills(c, &n, &skills, e))
		goto out;
	put_badge(&data, &n, &cri, record.rank, skills);
	if (json_parse(&root, data.data, data.len, e) ||
	    page_render(&c->out, "badge.svg", &root, e))
		goto out;
	c->type = "image/svg+xml";
	call_header(c, "Cache-Control",
	    "no-cache, no-store, must-revalidate");
	call_header(c, "Content-Security-Policy", "default-src 'none'");
	rc = 0;
out:
	json_release(&root);
	buf_release(&data);
	return rc;
}

#define TAG .tag = "pages"
#define PAGE TAG, .media = "text/html"
const struct route routes_pages[] = {
	{ "GET", "/nodes/{node_id}", .act = do_node, PAGE,
	    .summary = "The page of a node" },
	{ "GET", "/skills/{skill_id}", .act = do_skill, PAGE,
	    .summary = "The page of a skill" },
	{ "GET", "/genesis", .act = do_genesis, PAGE,
	    .summary = "The page of the first that sold" },
	{ "GET", "/docs", .act = docs_show, PAGE,
	    .summary = "All routes, for people" },
	{ "GET", "/v1/node/{node_id}/badge.svg", .act = do_badge, TAG,
	    .media = "image/svg+xml",
	    .summary = "A picture of a node's record",
	    .codes = "node_missing" },
	{ 0 }
};
