/*
 * Names that another process resolves: what is asked is answered, a late
 * answer is nobody's, and who asks waits for no more than it said.
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "tap.h"

#include "net/resolve.h"

/* Of the other process: what the slow name waits for, and another opens. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static bool is_open;

static void
pass_gate(bool open_it)
{
	pthread_mutex_lock(&lock);
	if (open_it) {
		is_open = true;
		pthread_cond_broadcast(&opened);
	}
	while (!is_open)
		pthread_cond_wait(&opened, &lock);
	pthread_mutex_unlock(&lock);
}

static size_t
lookup(const char *host, struct addr *out, size_t most)
{
	size_t i, n = strlen(host);

	if (!strcmp(host, "none.example"))
		return 0;
	if (!strcmp(host, "slow.example") || !strcmp(host, "open.example"))
		pass_gate(*host == 'o');
	if (!strcmp(host, "dead.example"))
		raise(SIGKILL);
	if (!strcmp(host, "many.example"))
		n = 2 * most;
	for (i = 0; i < n && i < most; i++)
		out[i] = (struct addr){ false, { 8, 8, 8, (uint8_t)i } };
	return n;
}

/* As many addresses as the name has letters, each its own. */
static bool
answers(struct resolve *r, const char *host)
{
	struct addr a[RESOLVE_MOST];
	size_t i, n = resolve_host(r, host, a, RESOLVE_MOST);

	for (i = 0; i < n; i++)
		if (a[i].six || a[i].b[0] != 8 || a[i].b[3] != i)
			return false;
	return n == strlen(host);
}

static void *
ask(void *r)
{
	static const char *const names[] = { "a", "bb", "ccc", "dddd" };
	size_t i, good = 0;

	for (i = 0; i < 400; i++)
		good += answers(r, names[i % 4]);
	return (void *)good;
}

static void
test_crowd(struct resolve *r)
{
	pthread_t thread[4];
	void *good;
	size_t i;

	for (i = 0; i < 4; i++)
		OK(!pthread_create(&thread[i], NULL, ask, r));
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], &good);
		OK((size_t)good == 400);
	}
}

int
main(void)
{
	char huge[RESOLVE_HOST + 1];
	struct addr a[RESOLVE_MOST], few[2];
	struct resolve *r = NULL, *fast = NULL;
	struct err e;

	OK(!resolve_start(&r, 4, 20000, lookup, &e));
	OK(answers(r, "node.example"));
	OK(!resolve_host(r, "none.example", a, RESOLVE_MOST));
	OK(resolve_host(r, "four", few, 2) == 4 && few[1].b[3] == 1);
	OK(resolve_host(r, "many.example", a, RESOLVE_MOST) ==
	    2 * RESOLVE_MOST);
	memset(huge, 'a', sizeof(huge));
	huge[RESOLVE_HOST] = '\0';
	OK(!resolve_host(r, huge, a, RESOLVE_MOST));
	test_crowd(r);
	OK(!resolve_host(r, "dead.example", a, RESOLVE_MOST));
	OK(!resolve_host(r, "node.example", a, RESOLVE_MOST));
	resolve_stop(r);

	/* What comes too late is not the next one's: two take turns. */
	OK(!resolve_start(&fast, 2, 200, lookup, &e));
	OK(!resolve_host(fast, "slow.example", a, RESOLVE_MOST));
	while (!answers(fast, "open.example"))
		;
	while (!answers(fast, "bb"))
		;
	OK(answers(fast, "ccc") && answers(fast, "dddd"));
	resolve_stop(fast);

	/* It ends with its maker, also while it waits for an answer. */
	OK(!resolve_start(&fast, 1, 20, lookup, &e));
	OK(!resolve_host(fast, "slow.example", a, RESOLVE_MOST));
	OK(!resolve_host(fast, "a", a, RESOLVE_MOST));
	resolve_stop(fast);
	resolve_stop(NULL);

	/* As the system does, without the network: from /etc/hosts. */
	OK(!resolve_system("no such name", a, RESOLVE_MOST));
	return DONE();
}
