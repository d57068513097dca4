#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "evidence/pin.h"

int
pin_dir(char out[PATH_MAX], const char *home, const char *dir, struct err *e)
{
	bool whole = *dir == '/';

	if (snprintf(out, PATH_MAX, "%s%s%s", whole ? "" : home,
	    whole ? "" : "/", dir) < PATH_MAX)
		return 0;
	return err_set(e, E_no_file, "the name of the pins is too long");
}

int
pin_path(char out[PATH_MAX], const char *dir, const char *origin,
    struct err *e)
{
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, origin, strlen(origin));
	hash_hex(hex, &h);
	if (snprintf(out, PATH_MAX, "%s/%s", dir, hex) < PATH_MAX)
		return 0;
	return err_set(e, E_no_file, "the name of the pins is too long");
}

static int
judge(struct pin *pin, const char *path, const char *origin, struct err *e)
{
	struct note note;

	if (note_parse(&note, pin->note.data, pin->note.len, e) ||
	    checkpoint_read(&pin->at, note.text, note.text_n, e))
		return err_wrap(e, "the pin '%s' is damaged", path);
	return strcmp(pin->at.origin, origin) ? err_set(e, E_bad_note,
	    "the pin '%s' is of another log", path) : 0;
}

/* A directory, or a link that leads nowhere, is no reason to trust. */
static bool
absent(const char *path)
{
	struct stat st;

	return lstat(path, &st) && (errno == ENOENT || errno == ENOTDIR);
}

int
pin_read(struct pin *out, const char *dir, const char *origin, struct err *e)
{
	char path[PATH_MAX];
	struct err why = { 0 };

	buf_reset(&out->note);
	if (pin_path(path, dir, origin, e))
		return -1;
	if (file_read(&out->note, path, &why)) {
		if (why.code == E_no_file)
			return absent(path) ? 0 :
			    err_set(e, E_io_error, "the pin: %s", why.msg);
		*e = why;
		return err_wrap(e, "the pin");
	}
	return judge(out, path, origin, e) ? -1 : 1;
}

int
pin_lock(int *fd, const char *dir, struct err *e)
{
	struct err why = { 0 };

	if (file_mkdir(dir, 0700, &why))
		return err_set(e, E_pin_unwritable, "%s", why.msg);
	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return err_set(e, E_pin_unwritable, "cannot open '%s': %s",
		    dir, strerror(errno));
	while (flock(*fd, LOCK_EX))
		if (errno != EINTR) {
			err_set(e, E_pin_unwritable, "cannot lock '%s': %s",
			    dir, strerror(errno));
			close(*fd);
			return -1;
		}
	return 0;
}

int
pin_put(const char *dir, const char *origin, const char *note, size_t n,
    struct err *e)
{
	struct err why = { 0 };
	char path[PATH_MAX];

	if (pin_path(path, dir, origin, e))
		return -1;
	file_sweep(path);
	return file_write(path, note, n, 0600, &why) ? err_set(e,
	    E_pin_unwritable, "the pin: %s", why.msg) : 0;
}

int
pin_move(const char *dir, const struct checkpoint *to, const char *note,
    size_t n, struct err *e)
{
	struct pin pin = PIN_INIT;
	int fd, got;

	if (pin_lock(&fd, dir, e))
		return -1;
	got = pin_read(&pin, dir, to->origin, e);
	if (got > 0 && pin.at.size == to->size &&
	    memcmp(&pin.at.root, &to->root, sizeof(to->root)))
		got = err_set(e, E_forked, "another log of %llu entries was "
		    "signed before", (unsigned long long)to->size);
	if (!got || (got > 0 && pin.at.size < to->size))
		got = pin_put(dir, to->origin, note, n, e);
	close(fd);
	pin_release(&pin);
	return got < 0 ? -1 : 0;
}

void
pin_release(struct pin *pin)
{
	buf_release(&pin->note);
}
