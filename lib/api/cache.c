/*
 * What was answered lately: a few replies a loop, good for as long as nobody
 * has changed the store.
 */
#include <stdio.h>
#include <string.h>

#include "api/impl.h"
#include "store/store.h"

#define TEXT_MAX (64 << 10)	/* bytes that are worth keeping */

/* On a loop's own connection, for others' see other changes as new. */
static struct cache *
of(const struct call *c)
{
	const struct job *j = (const struct job *)c;

	return j->loop && c->store == j->loop->store ? &j->loop->cache : NULL;
}

bool
call_recall(struct call *c, const char *key)
{
	struct cache *all = of(c);
	struct err ignored;
	int64_t version;
	size_t i;

	if (!all || !*key || store_version(c->store, &version, &ignored))
		return false;
	for (i = 0; i < CACHE_MOST; i++)
		if (all->kept[i].version == version &&
		    all->kept[i].conf == ((const struct job *)c)->conf &&
		    !strcmp(all->kept[i].key, key)) {
			buf_add(&c->out, all->kept[i].text.data,
			    all->kept[i].text.len);
			return true;
		}
	return false;
}

void
call_remember(struct call *c, const char *key, size_t from)
{
	struct cache *all = of(c);
	struct cached *k;
	struct err ignored;
	int64_t version;

	if (!all || !*key || strlen(key) >= sizeof(k->key) ||
	    c->out.len - from > TEXT_MAX ||
	    store_version(c->store, &version, &ignored))
		return;
	k = &all->kept[all->next++ % CACHE_MOST];
	buf_release(&k->text);
	k->text = (struct buf)BUF_INIT(TEXT_MAX);
	buf_add(&k->text, c->out.data + from, c->out.len - from);
	snprintf(k->key, sizeof(k->key), "%s", key);
	k->version = version;
	k->conf = ((const struct job *)c)->conf;
}

void
cache_release(struct cache *all)
{
	size_t i;

	for (i = 0; i < CACHE_MOST; i++)
		if (*all->kept[i].key)
			buf_release(&all->kept[i].text);
	*all = (struct cache){ 0 };
}
