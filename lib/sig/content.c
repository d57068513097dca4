#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "sig/content.h"

#define PIECE 65536

void
content_of(struct content *out, int which, const void *data, size_t n)
{
	*out = (struct content){ .size = (int64_t)n };
	if (which & CONTENT_256)
		hash_of(&out->sha256, data, n);
	if (which & CONTENT_512)
		hash_512_of(&out->sha512, data, n);
}

static int
read_all(struct content *out, int which, int fd, struct err *e)
{
	struct hash_run run;
	struct hash_512_run run_512;
	char piece[PIECE];
	ssize_t n;

	*out = (struct content){ 0 };
	hash_start(&run);
	hash_512_start(&run_512);
	for (;; out->size += n) {
		do
			n = read(fd, piece, sizeof(piece));
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			break;
		if (which & CONTENT_256)
			hash_add(&run, piece, (size_t)n);
		if (which & CONTENT_512)
			hash_512_add(&run_512, piece, (size_t)n);
	}
	if (which & CONTENT_256)
		hash_end(&out->sha256, &run);
	if (which & CONTENT_512)
		hash_512_end(&out->sha512, &run_512);
	return n ? err_sys(e, "cannot read") : 0;
}

int
content_file(struct content *out, int which, const char *path, struct err *e)
{
	bool in = !strcmp(path, "-");
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	rc = read_all(out, which, fd, e);
	if (!in)
		close(fd);
	return rc ? err_wrap(e, "'%s'", path) : 0;
}
