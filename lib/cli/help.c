#include <stdio.h>
#include <string.h>

#include "cli/help.h"

static void
print_opts(const struct opt *o)
{
	char left[40];
	bool may;

	for (; o->type; o++) {
		if (!o->help)
			continue;
		may = o->type == OPT_T_MAY;
		snprintf(left, sizeof(left), "%c%c%s --%s%s%s%s",
		    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? "," : " ", o->name,
		    may ? "[=" : o->arg ? " " : "", o->arg ? o->arg : "",
		    may ? "]" : "");
		printf("  %-24s  %s\n", left, o->help);
	}
}

static void
print_verbs(const struct prog *p)
{
	const struct verb *v;

	for (v = p->verbs; v->run; v++)
		printf("  %-11s %s\n", v->name, v->brief);
}

void
help_print(const struct prog *p, const struct verb *v, const struct opt *o)
{
	printf("usage: %s%s%s [options]%s%s\n%s\n", p->name,
	    v && v->name ? " " : "", v && v->name ? v->name : "",
	    v && *v->operands ? " " : v ? "" : " verb ...",
	    v ? v->operands : "", v && v->name ? v->brief : p->brief);
	if (!v || !v->name)
		printf("\nexamples:\n%s", p->examples);
	if (!v) {
		printf("\nverbs:\n");
		print_verbs(p);
	}
	printf("\noptions:\n");
	print_opts(o);
	printf("\nexit status: %s; see %s(1) and bzn(7)\n", p->statuses,
	    p->name);
}

void
help_options(const struct prog *p, const struct verb *v, const struct opt *o)
{
	if (!v)
		for (v = p->verbs; v->run; v++)
			printf("%s\t%s\n", v->name, v->brief);
	for (; o->type; o++)
		if (o->help)
			printf("--%s%s\t%s\n", o->name, o->arg &&
			    o->type != OPT_T_MAY ? "=" : "", o->help);
}

static const char *
verb_name(const void *verbs, int i)
{
	return ((const struct verb *)verbs)[i].name;
}

int
help_verb(const struct prog *p, const char *name, const struct verb **out,
    struct err *e)
{
	const struct verb *v;
	const char *near;

	for (v = p->verbs; v->run; v++)
		if (!strcmp(v->name, name)) {
			*out = v;
			return 0;
		}
	near = opt_nearest(name, (int)(v - p->verbs), verb_name, p->verbs);
	return err_set(e, E_usage, "no verb '%.40s'%s%s%s", name,
	    near ? ", did you mean " : ": see --help", near ? near : "",
	    near ? "?" : "");
}
