#include "spool-free/base/fault.h"

#include <assert.h>

static const struct {
	int status;
	enum fault_owner owner;
	struct slice slug;
	struct slice title;
} rows[FAULT_COUNT] = {
	[FAULT_NONE] = {200, FAULT_OWNER_CALLER, SLICE_INIT("none"), SLICE_INIT("No fault.")},
#define FAULT(name, status, slug, owner, title)                                                    \
	[FAULT_##name] = {status, FAULT_OWNER_##owner, SLICE_INIT(slug), SLICE_INIT(title)},
#include "spool-free/base/fault.def"
#undef FAULT
};

static const struct slice owners[] = {
	[FAULT_OWNER_CALLER] = SLICE_INIT("caller"),
	[FAULT_OWNER_ADMIN] = SLICE_INIT("admin"),
	[FAULT_OWNER_OPERATOR] = SLICE_INIT("operator"),
	[FAULT_OWNER_UPSTREAM] = SLICE_INIT("upstream"),
};

int fault_status(enum fault f)
{
	assert(f < FAULT_COUNT);
	return rows[f].status;
}

struct slice fault_slug(enum fault f)
{
	assert(f < FAULT_COUNT);
	return rows[f].slug;
}

struct slice fault_title(enum fault f)
{
	assert(f < FAULT_COUNT);
	return rows[f].title;
}

enum fault_owner fault_owner(enum fault f)
{
	assert(f < FAULT_COUNT);
	return rows[f].owner;
}

struct slice fault_owner_name(enum fault f)
{
	return owners[fault_owner(f)];
}
