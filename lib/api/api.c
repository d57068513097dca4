/* What handlers ask of the server, whatever the call. */
#include "api/impl.h"

struct language *
api_language(const struct api *a)
{
	return &((struct api *)(uintptr_t)a)->language;
}

const char *
api_home(const struct api *a)
{
	return a->how.home;
}

const char *
api_version(const struct api *a)
{
	return a->how.version;
}

int64_t
api_started_ms(const struct api *a)
{
	return a->started_ms;
}

bool
api_writes(const struct api *a)
{
	return writer_well(a);
}
