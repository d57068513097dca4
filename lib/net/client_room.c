/*
 * How many can be asked at once by a process that may open so many files.
 * Of a name for which none are left libcurl says that it does not exist.
 */
#include <limits.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/client_impl.h"

/* A pair of sockets, and what the C library opens to look a name up. */
#define FILES_EACH 6

int
client_room(unsigned *in_flight, struct err *e)
{
	int used = epoll_create1(EPOLL_CLOEXEC);
	struct rlimit r;
	rlim_t need, room;

	if (used < 0)
		return err_sys(e, "cannot wait for answers");
	close(used);
	if (getrlimit(RLIMIT_NOFILE, &r))
		return err_sys(e, "cannot tell how many files may be open");
	need = (rlim_t)used + 1 + (rlim_t)*in_flight * FILES_EACH;
	if (r.rlim_cur < need && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
		/* Or as it is. */
		if (setrlimit(RLIMIT_NOFILE, &r) &&
		    getrlimit(RLIMIT_NOFILE, &r))
			return err_sys(e, "cannot tell how many files may be "
			    "open");
	}
	room = r.rlim_cur > (rlim_t)used + 1 ?
	    (r.rlim_cur - (rlim_t)used - 1) / FILES_EACH : 0;
	if (!room)
		return err_set(e, E_io_error, "too few files may be open to "
		    "ask anybody: %lld", (long long)r.rlim_cur);
	if (*in_flight > room)
		*in_flight = (unsigned)room;
	return 0;
}
