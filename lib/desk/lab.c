/* The laboratory: records as each scenario ends, then a picture of all. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "desk/lab.h"
#include "lab/lab.h"

#define RECORD_MAX 65536
#define PLOT_MAX (16 << 20)

/* "50,60.5": scores, in tenths. */
static int
read_targets(struct lab_plan *p, const char *words, struct err *e)
{
	char word[16];
	struct err why;
	size_t n;

	do {
		n = strcspn(words, ",");
		if (p->targets == LAB_TARGETS)
			return err_set(e, E_usage, "--target: %d at most",
			    LAB_TARGETS);
		if (n >= sizeof(word))
			return err_set(e, E_usage, "--target: '%.40s' is not a "
			    "score", words);
		memcpy(word, words, n);
		word[n] = '\0';
		if (amount_digits(word, 1, &p->target[p->targets++], &why))
			return err_set(e, E_usage, "--target: '%s' is not a "
			    "score: 0 to 100, with one decimal", word);
		words += n + (words[n] == ',');
	} while (words[-(words[0] == '\0')] == ',' || *words);
	return 0;
}

/* The number of a scenario.  E_usage. */
static int
named(const char *word, int *out, struct err *e)
{
	struct buf all = BUF_INIT(1024);
	int i;

	for (i = 0; lab_scenario(i); i++)
		if (!strcmp(lab_scenario(i), word)) {
			*out = i;
			return 0;
		}
	for (i = 0; lab_scenario(i); i++)
		buf_addf(&all, "%s%s", i ? ", " : "", lab_scenario(i));
	err_set(e, E_usage, "there is no scenario '%.40s': %s", word,
	    all.data);
	buf_release(&all);
	return -1;
}

static int
emit(struct cli *c, const struct lab_result *r, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	enum lab_role role;
	int i, rc = 0;

	for (role = 0; role < LAB_ROLES; role++)
		for (i = 0; i < r->plan.targets && r->side[role].there && !rc;
		    i++) {
			lab_write(&out, r, role, i);
			json_close(&out, '}');
			rc = cli_emit_buf(c, &out, e);
		}
	buf_release(&out);
	return rc ? -1 : cli_flush(e);
}

static int
draw(const char *path, const struct lab_result *all, int n, struct err *e)
{
	struct buf svg = BUF_INIT(PLOT_MAX);
	int rc;

	lab_plot(&svg, all, n);
	rc = svg.full ? err_set(e, E_too_long, "the picture is too large") :
	    file_write(path, svg.data, svg.len, 0644, e);
	buf_release(&svg);
	return rc;
}

/* A picture that cannot be put there is known before all is played. */
static int
try_plot(const char *path, struct err *e)
{
	char temp[PATH_MAX];
	struct stat st;

	if (!path)
		return 0;
	if (!*path)
		return err_set(e, E_usage, "--plot: which file?");
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return err_set(e, E_no_file, "'%.200s' is not a file that can "
		    "be replaced", path);
	if (file_temp(temp, path, e))
		return -1;
	unlink(temp);
	return 0;
}

int
desk_cri_simulate(struct cli *c, const struct desk_lab *d, struct err *e)
{
	struct lab_plan plan = {
		.seed = (uint64_t)d->seed, .days = d->days,
		.honest = d->nodes, .keys = d->keys, .params = &c->params,
	};
	struct lab_result *all;
	int i, n = 0, which = 0, rc = 0;

	if (read_targets(&plan, d->target, e) || lab_check(&plan, e))
		return -1;
	for (i = 0; i < c->argc; i++)
		if (named(c->argv[i], &which, e))
			return -1;
	if (try_plot(d->plot, e))
		return -1;
	while (lab_scenario(n))
		n++;
	n = c->argc ? c->argc : n;
	all = mem_zero((size_t)n, sizeof(*all));
	for (i = 0; i < n && !rc; i++) {
		if (c->argc)
			rc = named(c->argv[i], &which, e);
		else
			which = i;
		rc = rc || lab_run(&plan, which, &all[i], e) ||
		    emit(c, &all[i], e) ? -1 : 0;
	}
	if (!rc && d->plot)
		rc = draw(d->plot, all, n, e);
	free(all);
	return rc;
}
