#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* The actions on a vault that is only in memory: acme with a server and a token, bare, asleep, the operator's. */

static struct vault_session session;
static struct problem problem;

static void setup(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
	problem = (struct problem){0};
}

static void teardown(void)
{
	vault_session_close(&session);
}

static void give(enum vault_option option, const char *text)
{
	session.options[option] = text;
}

static void forget(void)
{
	memset(session.options, 0, sizeof(session.options));
	session.name = NULL;
}

static enum fault find(enum vault_kind kind, const char *tenant, const char *name,
		       struct vault_record *out)
{
	struct vault_key_name key = {kind, slice_of_text(tenant), slice_of_text(name)};
	return vault_find(session.vault, key, NULL, &session.arena, out, NULL);
}

static void check_refused(vault_action_fn *action, enum fault f, const char *part)
{
	size_t count = vault_count(session.vault);
	ck_assert_uint_eq(action(&session, &problem), f);
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_find(said, slice_of_text(part)) < said.len, "%.*s", (int)said.len,
		      said.ptr);
	ck_assert_uint_eq(vault_count(session.vault), count);
}

START_TEST(tenants_are_added_and_changed)
{
	struct vault_record r;
	session.name = "fresh";
	give(OPTION_DEFAULT_SERVER, "main");
	give(OPTION_BUTTON_LABEL, "Read");
	give(OPTION_REGION, "eu");
	ck_assert_uint_eq(vault_tenant_add(&session, &problem), FAULT_NONE);
	check_refused(vault_tenant_add, FAULT_CONFLICT, "There is a tenant 'fresh' already");
	forget();
	session.name = "fresh";
	give(OPTION_BUTTON_LABEL, "");
	give(OPTION_FROM, "x@y.example");
	ck_assert_uint_eq(vault_tenant_set(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "fresh", &r), FAULT_NONE);
	ck_assert_uint_eq(r.tenant.created.len, 24);
	ck_assert(slice_eq(r.tenant.region, SLICE_LIT("eu")));
	ck_assert_uint_eq(find(VAULT_SETTINGS, "fresh", NULL, &r), FAULT_NONE);
	ck_assert(slice_eq(r.settings.default_server, SLICE_LIT("main")));
	ck_assert(slice_eq(r.settings.from_address, SLICE_LIT("x@y.example")));
	ck_assert_uint_eq(r.settings.button_label.len, 0);
	forget();
	session.name = "nobody";
	check_refused(vault_tenant_set, FAULT_NOT_FOUND, "There is no tenant 'nobody'");
	session.name = "Not a name";
	check_refused(vault_tenant_add, FAULT_BAD_RECORD, "must be 1 to 64 of a-z, 0-9 and '-'");
}
END_TEST

START_TEST(a_removed_tenant_takes_its_things_along_and_no_others)
{
	struct vault_record r;
	session.name = "acme";
	ck_assert_uint_eq(vault_tenant_remove(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(vault_count(session.vault), 4);
	ck_assert_uint_eq(find(VAULT_SERVER, "acme", "main", &r), FAULT_NOT_FOUND);
	ck_assert_uint_eq(find(VAULT_SERVER, NULL, "operator", &r), FAULT_NONE);
	vault_record_deinit(&r);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "asleep", &r), FAULT_NONE);
	check_refused(vault_tenant_remove, FAULT_NOT_FOUND, "There is no tenant 'acme'");
}
END_TEST

START_TEST(tenants_are_suspended_and_resumed)
{
	struct vault_record r;
	session.name = "acme";
	ck_assert_uint_eq(vault_tenant_suspend(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "acme", &r), FAULT_NONE);
	ck_assert_uint_eq(r.tenant.state, VAULT_SUSPENDED);
	ck_assert_uint_eq(r.tenant.created.len, 24);
	r.tenant.state = VAULT_UNINSTALLED;
	r.tenant.uninstalled = SLICE_LIT("2026-11-29T00:00:00.000Z");
	ck_assert_uint_eq(vault_put(session.vault, &r, NULL, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_tenant_resume(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "acme", &r), FAULT_NONE);
	ck_assert_uint_eq(r.tenant.state, VAULT_ACTIVE);
	ck_assert_uint_eq(r.tenant.uninstalled.len, 0);
	session.name = "nobody";
	check_refused(vault_tenant_suspend, FAULT_NOT_FOUND, "There is no tenant 'nobody'");
	check_refused(vault_tenant_resume, FAULT_NOT_FOUND, "There is no tenant 'nobody'");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_tenant");
	TCase *t = tcase_create("vault_tenant");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tenants_are_added_and_changed);
	tcase_add_test(t, a_removed_tenant_takes_its_things_along_and_no_others);
	tcase_add_test(t, tenants_are_suspended_and_resumed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
