/*
 * NAME     admin_inside - one request of an admin as the files of admin.h share it; no other file includes this
 * ORDER    admin.c who asks, and what; admin_read.c what is told of records; admin_change.c records change; admin_tenant.c
 *          the tenant as a whole does
 */
#ifndef CONFIG_KEEPER_ADMIN_INSIDE_H
#define CONFIG_KEEPER_ADMIN_INSIDE_H

#include "config/keeper/admin.h"
#include "config/keeper/work.h"

struct admin {
	struct work w;
	struct vault *vault;
	struct slice now;
	struct admin_change *change;
	unsigned char version[WIRE_NUMBER];
	unsigned char is_new;
};

/* Which record is meant. */
struct target {
	enum vault_kind kind;
	struct vault_key_name name;
};

MUST_USE enum fault admin_refuse(struct admin *a, enum fault f, const char *sentence);
void admin_note(struct admin *a, const char *what, struct slice kind);

MUST_USE enum fault admin_kind(struct slice field, enum vault_kind *out_kind);
MUST_USE enum fault admin_target(struct admin *a, struct target *out_target);
/* A token of another tenant is as good as none: NOT_FOUND. */
MUST_USE enum fault admin_check_owner(struct admin *a, const struct target *t);
/* How many of a kind the tenant has; their names, unless `names` is NULL. */
MUST_USE enum fault admin_collect(struct admin *a, enum vault_kind kind, struct slice *names,
				  size_t *out_count);

typedef enum fault admin_fn(struct admin *a);
admin_fn admin_get_record, admin_list_records;
admin_fn admin_put_record, admin_remove_record;
admin_fn admin_tell_event, admin_shred_tenant, admin_change_half;

#endif
