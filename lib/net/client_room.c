/*
 * What those that are asked may take of this machine: files, and bytes that it
 * has to read.
 */
#include <limits.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/client_impl.h"

/*
 * A pair of sockets, and what the C library opens to look a name up: of one for
 * which there are none left libcurl says that it does not exist.
 */
#define FILES_EACH 6

/* A certificate, fields, and a body in chunks of a byte each. */
#define BYTES_EACH (256 * 1024)
#define BYTES_OF_BODY 8

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

bool
client_floods(int fd, size_t body_max)
{
	struct tcp_info t = { 0 };
	socklen_t n = sizeof(t);

	return fd >= 0 && !getsockopt(fd, IPPROTO_TCP, TCP_INFO, &t, &n) &&
	    t.tcpi_bytes_received > BYTES_EACH + BYTES_OF_BODY * body_max;
}
