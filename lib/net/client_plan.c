#include <stdlib.h>

#include "base/chance.h"
#include "base/mem.h"
#include "net/client_plan.h"

/* --- queues --------------------------------------------------------------- */

static void
put(struct client_plan *p, size_t *first, size_t *last, size_t ask)
{
	p->next[ask] = CLIENT_NONE;
	*(*last == CLIENT_NONE ? first : &p->next[*last]) = ask;
	*last = ask;
}

static size_t
take(struct client_plan *p, size_t *first, size_t *last)
{
	size_t ask = *first;

	if (ask != CLIENT_NONE) {
		*first = p->next[ask];
		if (*first == CLIENT_NONE)
			*last = CLIENT_NONE;
	}
	return ask;
}

static void
heap_put(struct client_plan *p, int64_t at_us, size_t ask)
{
	size_t i = p->due++, up;

	for (; i && p->heap[up = (i - 1) / 2].at_us > at_us; i = up)
		p->heap[i] = p->heap[up];
	p->heap[i] = (struct client_due){ at_us, ask };
}

static size_t
heap_take(struct client_plan *p)
{
	size_t ask = p->heap[0].ask, i = 0, down;
	struct client_due last = p->heap[--p->due];

	while ((down = 2 * i + 1) < p->due) {
		if (down + 1 < p->due &&
		    p->heap[down + 1].at_us < p->heap[down].at_us)
			down++;
		if (p->heap[down].at_us >= last.at_us)
			break;
		p->heap[i] = p->heap[down];
		i = down;
	}
	p->heap[i] = last;
	return ask;
}

/* --- the plan ------------------------------------------------------------- */

/* When the next in order may begin, as they are spread. */
static int64_t
spread_us(const struct client_plan *p)
{
	return p->at == p->n ? CLIENT_NEVER :
	    p->how->spread_ms * 1000 / (int64_t)p->n * (int64_t)p->at;
}

static int64_t
next_us(const struct client_plan *p)
{
	int64_t spread = spread_us(p);
	int64_t due = p->due ? p->heap[0].at_us : CLIENT_NEVER;

	if (p->first != CLIENT_NONE)
		return 0;
	return due < spread ? due : spread;
}

int64_t
client_plan_next(const struct client_plan *p)
{
	return p->in_flight < p->how->in_flight ? next_us(p) : CLIENT_NEVER;
}

static size_t
pick(struct client_plan *p, int64_t now_us)
{
	if (p->first != CLIENT_NONE)
		return take(p, &p->first, &p->last);
	if (p->due && p->heap[0].at_us <= now_us)
		return heap_take(p);
	return p->order[p->at++];
}

size_t
client_plan_take(struct client_plan *p, int64_t now_us)
{
	struct client_host *h;
	size_t ask;

	while (client_plan_next(p) <= now_us) {
		ask = pick(p, now_us);
		h = p->host[ask];
		if (h->busy < p->how->per_host) {
			h->busy++;
			p->in_flight++;
			return ask;
		}
		put(p, &h->first, &h->last, ask);
	}
	return CLIENT_NONE;
}

void
client_plan_end(struct client_plan *p, size_t ask, int64_t again_us)
{
	struct client_host *h = p->host[ask];
	size_t waits;

	h->busy--;
	p->in_flight--;
	if (again_us >= 0)
		heap_put(p, again_us, ask);
	waits = take(p, &h->first, &h->last);
	if (waits != CLIENT_NONE)
		put(p, &p->first, &p->last, waits);
}

bool
client_plan_done(const struct client_plan *p)
{
	return !p->in_flight && next_us(p) == CLIENT_NEVER;
}

/* --- before and after ----------------------------------------------------- */

static void
find_hosts(struct client_plan *p, const struct client_ask *ask)
{
	struct table_item *known;
	struct client_host *h;
	size_t i, hosts = 0;

	for (i = 0; i < p->n; i++) {
		known = table_find(&p->by_name, ask[i].host);
		h = known ? (struct client_host *)(void *)known :
		    &p->hosts[hosts++];
		p->host[i] = h;
		if (known)
			continue;
		h->item.key = ask[i].host;
		h->first = h->last = CLIENT_NONE;
		table_add(&p->by_name, &h->item);
	}
}

static void
shuffle(struct client_plan *p)
{
	size_t i, j, other;

	for (i = 0; i < p->n; i++)
		p->order[i] = i;
	for (i = p->n; i > 1; i--) {
		j = (size_t)chance_below(p->how->chance, i);
		other = p->order[j];
		p->order[j] = p->order[i - 1];
		p->order[i - 1] = other;
	}
}

void
client_plan_open(struct client_plan *p, const struct client_how *how,
    const struct client_ask *ask, size_t n)
{
	*p = (struct client_plan){
		.how = how, .n = n,
		.first = CLIENT_NONE, .last = CLIENT_NONE,
		.hosts = mem_zero(n, sizeof(*p->hosts)),
		.host = mem_zero(n, sizeof(struct client_host *)),
		.order = mem_zero(n, sizeof(*p->order)),
		.next = mem_zero(n, sizeof(*p->next)),
		.heap = mem_zero(n, sizeof(*p->heap)),
	};
	find_hosts(p, ask);
	shuffle(p);
}

static void
keep(struct table_item *i)
{
	(void)i;			/* one of hosts */
}

void
client_plan_close(struct client_plan *p)
{
	table_release(&p->by_name, keep);
	free(p->hosts);
	free(p->host);
	free(p->order);
	free(p->next);
	free(p->heap);
}
