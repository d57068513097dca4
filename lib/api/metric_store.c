/* What /metrics says of the books, of the log, and of this process. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/impl.h"
#include "base/mem.h"
#include "hook/hook.h"
#include "ledger/ledger.h"
#include "store/store.h"

/* Opened before the sandbox, which would not let them be. */
struct metric_process {
	int statm;
	DIR *fds;
	pthread_mutex_t lock;		/* of fds */
};

struct metric_process *
metric_process_open(void)
{
	struct metric_process *p = mem_zero(1, sizeof(*p));

	p->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	p->fds = opendir("/proc/self/fd");
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void
metric_process_close(struct metric_process *p)
{
	if (!p)
		return;
	if (p->statm >= 0)
		close(p->statm);
	if (p->fds)
		closedir(p->fds);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static int64_t
resident(const struct metric_process *p)
{
	char text[128], *second;
	ssize_t n = p->statm < 0 ? -1 :
	    pread(p->statm, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	second = strchr(text, ' ');
	return second ? strtoll(second, NULL, 10) * sysconf(_SC_PAGESIZE) :
	    -1;
}

/* Without the directory's own. */
static int64_t
descriptors(struct metric_process *p)
{
	int64_t n = -1;

	if (!p->fds)
		return -1;
	pthread_mutex_lock(&p->lock);
	rewinddir(p->fds);
	while (readdir(p->fds))
		n++;
	pthread_mutex_unlock(&p->lock);
	return n - 2;			/* . and .. */
}

static void
gauge(struct buf *out, const char *name, const char *help, int64_t v)
{
	if (v < 0)
		return;
	metric_head(out, name, "gauge", help);
	buf_addf(out, "%s %" PRId64 "\n", name, v);
}

void
metric_process_write(struct buf *out, struct metric_process *p, bool open)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	metric_head(out, open ? "process_cpu_seconds" :
	    "process_cpu_seconds_total", "counter", "Time of processors.");
	buf_addf(out, "process_cpu_seconds_total %lld.%06lld\n",
	    (long long)(u.ru_utime.tv_sec + u.ru_stime.tv_sec +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000000),
	    (long long)((u.ru_utime.tv_usec + u.ru_stime.tv_usec) %
	    1000000));
	gauge(out, "process_resident_memory_bytes", "Memory.", resident(p));
	gauge(out, "process_open_fds", "Open descriptors.",
	    descriptors(p));
}

/* Rows of a unit and some numbers. */
struct unit_row { char unit[UNIT_CODE]; int64_t n[2]; };

static int
rows(struct store *s, enum sql which, const int64_t *now_ms,
    struct unit_row *out, size_t *n, struct err *e)
{
	struct query q;
	size_t i;
	int got;

	query_open(&q, s, which);
	if (now_ms)
		query_int(&q, *now_ms);
	while ((got = query_row(&q, e)) > 0 && *n < 64) {
		const char *unit = query_get_text(&q, 0);

		for (i = 0; i < *n && strcmp(out[i].unit, unit); i++)
			;
		if (i == *n) {
			out[i] = (struct unit_row){ 0 };
			query_put_text(&q, 0, out[i].unit,
			    sizeof(out[i].unit));
			(*n)++;
		}
		out[i].n[0] += query_get_int(&q, 1);
		out[i].n[1] += now_ms ? query_get_int(&q, 2) : 0;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static void
by_unit(struct buf *out, const char *name, const char *help,
    const struct unit_row *r, size_t n)
{
	size_t i;

	metric_head(out, name, "gauge", help);
	for (i = 0; i < n; i++)
		buf_addf(out, "%s{unit=\"%s\"} %" PRId64 "\n", name,
		    r[i].unit, r[i].n[0]);
}

static int
write_books(struct buf *out, struct store *s, int64_t now_ms, struct err *e)
{
	struct unit_row open[64], sum[64];
	size_t n = 0, sums = 0, i;
	int64_t overdue = 0;

	if (rows(s, SQL_API_PENDING, &now_ms, open, &n, e) ||
	    rows(s, SQL_API_DELIVERED, &now_ms, open, &n, e) ||
	    rows(s, SQL_API_IMBALANCE, NULL, sum, &sums, e))
		return -1;
	for (i = 0; i < n; i++)
		overdue += open[i].n[1];
	by_unit(out, "bzn_ledger_imbalance", "Sum of all balances: 0.", sum,
	    sums);
	by_unit(out, "bzn_escrow_open", "Escrows that hold money.", open, n);
	gauge(out, "bzn_escrow_overdue", "Escrows that a sweep would close.",
	    overdue);
	return 0;
}

static int64_t
wal_bytes(const struct api *a)
{
	char path[PATH_MAX];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s/node.db-wal", a->how.home) >=
	    (int)sizeof(path) || stat(path, &st))
		return 0;
	return st.st_size;
}

int
metric_store_write(struct buf *out, const struct api *a, struct store *s,
    int64_t now_ms, bool open, struct err *e)
{
	struct hook_stats hooks;
	struct ledger_head at;
	struct query q;
	int64_t signed_ms = 0;
	int got;

	query_open(&q, s, SQL_API_SIGNED);
	got = query_run(&q, &signed_ms, e);
	if (got < 0 || ledger_head(s, &at, e) || hook_stats(s, &hooks, e) ||
	    write_books(out, s, now_ms, e))
		return -1;
	gauge(out, "bzn_log_size", "Leaves of the log.", at.size);
	metric_head(out, open ? "bzn_ledger_entries" :
	    "bzn_ledger_entries_total", "counter", "Entries of the log.");
	buf_addf(out, "bzn_ledger_entries_total %" PRId64 "\n", at.size);
	if (got)
		gauge(out, "bzn_checkpoint_age_seconds", "Since the log was "
		    "signed.", now_ms > signed_ms ?
		    (now_ms - signed_ms) / 1000 : 0);
	gauge(out, "bzn_wal_bytes", "Of the write-ahead log.", wal_bytes(a));
	gauge(out, "bzn_webhook_pending", "Deliveries that wait.",
	    hooks.pending);
	metric_head(out, open ? "bzn_webhook_exhausted" :
	    "bzn_webhook_exhausted_total", "counter", "Deliveries that were "
	    "given up.");
	buf_addf(out, "bzn_webhook_exhausted_total %" PRId64 "\n",
	    hooks.exhausted);
	return 0;
}
