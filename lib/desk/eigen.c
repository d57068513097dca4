/* eigentrust: opinions from a file or the log, and the shares they give. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/crew.h"
#include "base/json.h"
#include "base/line.h"
#include "cri/opinion.h"
#include "desk/facts.h"
#include "desk/eigen.h"
#include "eigen/web.h"

#define RECORD_MAX 4096
#define RATE_ONE 10000		/* of a parameter */

typedef int take(struct web *, const struct json *, struct err *);

static int
take_edge(struct web *w, const struct json *in, struct err *e)
{
	static const char *const keys[] = { "from", "to", "value", NULL };
	const char *from, *to;
	int64_t value;

	return json_only(in, keys, e) || json_get_str(in, "from", &from, e) ||
	    json_get_str(in, "to", &to, e) ||
	    json_get_int(in, "value", &value, e) ||
	    web_add(w, from, to, value, e) ? -1 : 0;
}

static int
take_prior(struct web *w, const struct json *in, struct err *e)
{
	static const char *const keys[] = { "peer", "value", NULL };
	const char *peer;
	int64_t value;

	return json_only(in, keys, e) || json_get_str(in, "peer", &peer, e) ||
	    json_get_int(in, "value", &value, e) ||
	    web_prior(w, peer, value, e) ? -1 : 0;
}

/* Records, a line each; the first that is wrong ends it. */
static int
take_lines(struct line *in, struct web *w, take *one, struct err *e)
{
	struct json root;
	int got;

	while ((got = line_next(in, e)) > 0) {
		if (json_parse(&root, in->text.data, in->text.len, e)) {
			got = -1;
		} else {
			got = json_want(&root, JSON_OBJECT, e) ||
			    one(w, &root, e) ? -1 : 0;
			json_release(&root);
		}
		if (got)
			return err_wrap(e, "%s:%lu", in->name, in->number);
	}
	return got;
}

/* "-" is standard input. */
static int
take_file(struct cli *c, const char *path, struct web *w, take *one,
    struct err *e)
{
	struct line in;
	int fd = STDIN_FILENO, rc;

	if (strcmp(path, "-")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_sys(e, "cannot open '%.200s'", path);
		line_init(&in, fd, path);
	} else {
		cli_expect_stdin(c);
		line_init(&in, fd, "stdin");
	}
	rc = take_lines(&in, w, one, e);
	line_release(&in);
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}

/* Asked for, so that the log is read whether or not its counters would do. */
static int
seen(void *arg, const struct tally *t, const struct entry *x, struct err *e)
{
	(void)arg;
	(void)t;
	(void)x;
	(void)e;
	return 0;
}

/* What a log says, and who is trusted if nobody else says. */
static int
take_log(struct cli *c, const struct desk_eigen *say, struct web *w,
    struct err *e)
{
	struct facts f;
	int rc;

	rc = facts_open(&f, c, &say->log, seen, NULL, e) ||
	    opinion_take(w, f.tally, e) ||
	    (!say->pre_trust && opinion_prior(w, f.tally, e)) ? -1 : 0;
	facts_close(&f);
	return rc;
}

/* One source of edges, and nothing read twice. */
static int
check(const struct cli *c, const struct desk_eigen *say, struct err *e)
{
	const char *file = c->argv[0];
	const char *edges = file ? file : say->log.facts;

	if (file && (say->log.facts || say->log.at))
		return err_set(e, E_usage,
		    "a file of edges, or --facts and --at: not both");
	if (edges && say->pre_trust && !strcmp(edges, "-") &&
	    !strcmp(say->pre_trust, "-"))
		return err_set(e, E_usage,
		    "edges and pre-trust cannot both be standard input");
	if (say->jobs < 1 || say->jobs > CREW_JOBS)
		return err_set(e, E_usage, "--jobs is 1 to %d", CREW_JOBS);
	return 0;
}

static int
read_alpha(const struct cli *c, const char *text, struct eigen_alpha *out,
    struct err *e)
{
	size_t n = text ? strcspn(text, "/") : 0;
	struct err why;
	char num[32];

	if (!text) {
		*out = (struct eigen_alpha){
			c->params.value[PARAM_eigentrust_alpha], RATE_ONE,
		};
		return 0;
	}
	if (n < sizeof(num) && text[n]) {
		memcpy(num, text, n);
		num[n] = '\0';
		if (!amount_digits(num, 0, &out->num, &why) &&
		    !amount_digits(text + n + 1, 0, &out->den, &why) &&
		    !eigen_check(*out, &why))
			return 0;
	}
	return err_set(e, E_usage, "--alpha is a fraction over 0 and at most "
	    "1, such as 1/10: not '%.40s'", text);
}

/* Does anybody distrust anybody, so that it shows? */
static bool
discounted(const struct web_place *p, size_t n)
{
	while (n--)
		if (p[n].left != (int64_t)p[n].share)
			return true;
	return false;
}

static int
put_places(struct cli *c, const struct web *w, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	const struct web_place *p;
	char text[AMOUNT_TEXT];
	size_t i, n;
	bool both;
	int rc = 0;

	p = web_places(w, &n);
	both = discounted(p, n);
	if (both)
		cli_columns(c, "peer >trust >discounted");
	for (i = 0; i < n && !rc; i++) {
		json_open(&out, NULL, '{');
		json_str(&out, "peer", p[i].peer);
		amount_print((int64_t)p[i].share, EIGEN_DECIMALS, text);
		json_str(&out, "trust", text);
		if (both) {
			amount_print(p[i].left, EIGEN_DECIMALS, text);
			json_str(&out, "discounted", text);
		}
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	buf_release(&out);
	return rc;
}

int
desk_cri_eigentrust(struct cli *c, const struct desk_eigen *say, struct err *e)
{
	const char *file = c->argv[0];
	struct eigen_alpha alpha;
	struct web *w;
	int rc;

	if (check(c, say, e) || read_alpha(c, say->alpha, &alpha, e))
		return -1;
	w = web_new();
	rc = file ? take_file(c, file, w, take_edge, e) :
	    take_log(c, say, w, e);
	if (!rc && say->pre_trust)
		rc = take_file(c, say->pre_trust, w, take_prior, e);
	if (!rc)
		rc = web_solve(w, alpha, (int)say->jobs, e) ||
		    put_places(c, w, e) ? -1 : 0;
	web_free(w);
	return rc;
}
