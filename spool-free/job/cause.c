#include "spool-free/job/cause.h"

static const struct slice owners[] = {
	[CAUSE_OWNER_SENDER] = SLICE_INIT("sender"),
	[CAUSE_OWNER_ADMIN] = SLICE_INIT("admin"),
	[CAUSE_OWNER_POSTMASTER] = SLICE_INIT("postmaster"),
	[CAUSE_OWNER_PROVIDER] = SLICE_INIT("provider"),
	[CAUSE_OWNER_OPERATOR] = SLICE_INIT("operator"),
};

static const struct slice kinds[] = {
	[CAUSE_THROTTLE] = SLICE_INIT("throttle"),
	[CAUSE_QUOTA] = SLICE_INIT("quota"),
	[CAUSE_TEMPORARY] = SLICE_INIT("temporary"),
	[CAUSE_NETWORK] = SLICE_INIT("network"),
	[CAUSE_TLS] = SLICE_INIT("tls"),
	[CAUSE_AUTH] = SLICE_INIT("auth"),
	[CAUSE_SENDER] = SLICE_INIT("sender"),
	[CAUSE_ADDRESS] = SLICE_INIT("address"),
	[CAUSE_POLICY] = SLICE_INIT("policy"),
	[CAUSE_SIZE] = SLICE_INIT("size"),
	[CAUSE_CONTENT] = SLICE_INIT("content"),
	[CAUSE_REPUTATION] = SLICE_INIT("reputation"),
	[CAUSE_PROTOCOL] = SLICE_INIT("protocol"),
};

struct slice cause_owner_name(enum cause_owner o)
{
	return owners[o];
}

struct slice cause_kind_name(enum cause_kind k)
{
	return kinds[k];
}

void cause_put(struct json_writer *w, const struct smtp_cause *cause, bool is_operators)
{
	if (cause == NULL) {
		return;
	}
	enum cause_owner owner = is_operators && cause->owner == CAUSE_OWNER_ADMIN
					 ? CAUSE_OWNER_OPERATOR
					 : cause->owner;
	const struct {
		const char *key;
		struct slice text;
	} members[] = {
		{"code", cause->code},
		{"owner", cause_owner_name(owner)},
		{"detail", cause->detail},
		{"remedy", cause->remedy},
	};
	json_put_key(w, "cause");
	json_put_object(w);
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		json_member_text(w, members[i].key, members[i].text);
	}
	json_put_object_end(w);
}
