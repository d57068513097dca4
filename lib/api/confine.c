/* What the server keeps of its rights once all is open. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"
#include "base/sandbox.h"

/* A file that is to be read again may be another by then: its directory. */
static const char *
directory_of(const char *path, char room[PATH_MAX])
{
	char *end;

	snprintf(room, PATH_MAX, "%s", path);
	end = strrchr(room, '/');
	if (end != room)
		*end = '\0';
	else
		end[1] = '\0';
	return room;
}

int
confine_enter(const struct api *a, struct err *e)
{
	const char *const write[] = { a->how.home, NULL };
	const struct params *p = &atomic_load(
	    &((struct api *)(uintptr_t)a)->conf)->params;
	const char *root = param_string(p, PARAM_static_root);
	const char *suites = param_string(p, PARAM_benchmark_dir);
	const char *skills = param_string(p, PARAM_skill_registry);
	const char *read[5] = { LANGUAGE_DIR };
	size_t n = 1;
	const struct sandbox s = {
		.write = write, .read = read, .net = SANDBOX_SERVE,
	};
	enum sandbox_level reached;
	char room[PATH_MAX];

	/* Others are in the home. */
	if (*root == '/')
		read[n++] = root;
	if (*suites == '/')
		read[n++] = suites;
	if (*skills == '/')
		read[n++] = directory_of(skills, room);
	return sandbox_enter(&s, &reached, e);
}
