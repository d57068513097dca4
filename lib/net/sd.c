#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/sd.h"
#include "net/server.h"

int
sd_open(int *fd, const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;
	socklen_t len;

	*fd = -1;
	if (!path)
		return 0;
	if ((*path != '/' && *path != '@') || n < 2 ||
	    n >= sizeof(a.sun_path))
		return err_set(e, E_usage,
		    "'%s' is no socket to notify", path);
	memcpy(a.sun_path, path, n);
	if (*path == '@')		/* abstract: no NUL at its end */
		a.sun_path[0] = '\0';
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n +
	    (*path == '/'));
	*fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (*fd >= 0 && !connect(*fd, (struct sockaddr *)&a, len))
		return 0;
	err_sys_(e, "cannot notify '%s'", path);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -1;
}

void
sd_say(int fd, const char *text)
{
	if (fd < 0)
		return;
	while (send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) <
	    0 && errno == EINTR)
		;
}

void
sd_inherit(struct net_inherited *out, size_t n, const char *names, char *room)
{
	size_t i, len;

	for (i = 0; i < n; i++, room += SD_NAME) {
		len = names ? strcspn(names, ":") : 0;
		if (len && len < SD_NAME && (len != 7 ||
		    memcmp(names, "unknown", 7))) {
			memcpy(room, names, len);
			room[len] = '\0';
		} else
			memcpy(room, "http", 5);
		out[i].fd = SD_FIRST + (int)i;
		out[i].name = room;
		if (names)
			names += len + (names[len] == ':');
	}
}
