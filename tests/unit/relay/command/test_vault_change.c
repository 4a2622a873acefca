#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* KEY=VALUE on a vault that is only in memory. */

static struct vault_session session;
static struct problem problem;
static char folder[] = "/tmp/pagepost-change-XXXXXX";
static char file[sizeof(folder) + sizeof("/file")];

static void setup(void)
{
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
	session.options[OPTION_TENANT] = "acme";
	problem = (struct problem){0};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(file, folder, sizeof(folder));
	memcpy(file + sizeof(folder) - 1, "/file", sizeof("/file"));
}

static void teardown(void)
{
	vault_session_close(&session);
	rmdir(folder);
}

static void give(const char *word)
{
	session.words[session.word_count++] = word;
}

static struct vault_record found(enum vault_kind kind, const char *name)
{
	struct vault_record r;
	struct vault_key_name key = {kind, SLICE_LIT("acme"), slice_of_text(name)};
	ck_assert_uint_eq(vault_find(session.vault, key, NULL, &session.arena, &r, NULL),
			  FAULT_NONE);
	return r;
}

START_TEST(settings_change_key_by_key)
{
	give("from_name=The = Wiki");
	give("image_side=640");
	give("always_from=yes");
	give("subject_prefix=");
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_NONE);
	struct vault_settings s = found(VAULT_SETTINGS, NULL).settings;
	ck_assert(slice_eq(s.from_name, SLICE_LIT("The = Wiki")));
	ck_assert_uint_eq(s.image_side, 640);
	ck_assert_uint_eq(s.always_from, VAULT_YES);
	ck_assert_uint_eq(s.subject_prefix.len, 0);
	ck_assert(slice_eq(s.from_address, SLICE_LIT("wiki@acme.example"))); /* it stays */
}
END_TEST

static const struct {
	const char *words[3];
	const char *lines;
} lists[] = {
	{{"groups=a"}, "a"},
	{{"groups=a,b"}, "a\nb"},
	{{"groups= a , b ,, "}, "a\nb"},
	{{"groups=a", "groups=b c"}, "a\nb c"},
	{{"groups=a,b", "recipients=5", "groups=c"}, "a\nb\nc"},
	{{"groups=a", "groups=", "groups=b"}, "b"},
	{{"groups="}, ""},
};

START_TEST(a_list_is_its_items)
{
	struct slice before = SLICE_LIT("groups=old");
	give(before.ptr);
	ck_assert_uint_eq(vault_set_policy(&session, &problem), FAULT_NONE);
	session.word_count = 0;
	for (size_t i = 0; i < 3 && lists[_i].words[i] != NULL; i++) {
		give(lists[_i].words[i]);
	}
	ck_assert_uint_eq(vault_set_policy(&session, &problem), FAULT_NONE);
	struct slice got = found(VAULT_POLICY, NULL).policy.groups;
	ck_assert_msg(slice_eq(got, slice_of_text(lists[_i].lines)), "%.*s", (int)got.len, got.ptr);
}
END_TEST

START_TEST(a_space_has_a_policy_of_its_own)
{
	struct vault_record r;
	struct vault_key_name own = {.kind = VAULT_POLICY, .tenant = SLICE_LIT("acme")};
	session.options[OPTION_SPACE] = "DOC";
	give("recipients=0");
	ck_assert_uint_eq(vault_set_policy(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(found(VAULT_POLICY, "DOC").policy.recipients, 1); /* kept with 1 added */
	ck_assert_uint_eq(vault_find(session.vault, own, NULL, &session.arena, &r, NULL),
			  FAULT_NOT_FOUND);
}
END_TEST

static void set_policy(const char *word)
{
	session.word_count = 0;
	give(word);
	ck_assert_uint_eq(vault_set_policy(&session, &problem), FAULT_NONE);
}

/* The site's own stays, as its settings do. */
START_TEST(a_spaces_policy_that_says_nothing_is_gone)
{
	const struct vault_key_name site = {.kind = VAULT_POLICY, .tenant = SLICE_LIT("acme")};
	struct vault_key_name doc = site;
	doc.name = SLICE_LIT("DOC");
	set_policy("groups=a");
	session.options[OPTION_SPACE] = "DOC";
	set_policy("recipients=0");
	set_policy("groups=b");
	set_policy("recipients=");
	ck_assert_uint_ne(vault_version(session.vault, doc), 0);
	set_policy("groups=");
	ck_assert_uint_eq(vault_version(session.vault, doc), 0);
	set_policy("external_images="); /* and there was none */
	ck_assert_uint_eq(vault_version(session.vault, doc), 0);
	session.options[OPTION_SPACE] = NULL;
	set_policy("groups=");
	ck_assert_uint_ne(vault_version(session.vault, site), 0);
}
END_TEST

START_TEST(a_long_text_comes_from_a_file)
{
	char word[sizeof("css=@") + sizeof(file)] = "css=@";
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, "h1 {\n}\n", 7), 7);
	close(fd);
	memcpy(word + 5, file, sizeof(file));
	give(word);
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_NONE);
	unlink(file);
	ck_assert(slice_eq(found(VAULT_SETTINGS, NULL).settings.css, SLICE_LIT("h1 {\n}\n")));
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_VAULT_IO);
	session.word_count = 0;
	give("subject_prefix=@home "); /* a text of one line is what it is */
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_NONE);
}
END_TEST

static const struct {
	const char *word;
	const char *sentence;
} wrong[] = {
	{"from_name", "It must be KEY=VALUE, or KEY= to forget"},
	{"", "It must be KEY=VALUE"},
	{"=x", "A settings record has no key"},
	{"colour=red", "A settings record has no key 'colour'"},
	{"tenant=bare", "has no key 'tenant' that can be set"},
	{"from_address=nobody", "The settings' 'from_address' must be a mail address"},
	{"image_side=wide", "The settings' 'image_side' must be a number from 0 to"},
	{"image_side=-1", "must be a number from 0 to"},
	{"always_from=maybe", "must be \"yes\" or \"no\"."},
	{"default_server=A B", "must be 1 to 64 of a-z, 0-9 and '-'."},
	{"button_label=a\nb", "must be one line of UTF-8"},
};

START_TEST(what_cannot_be_is_refused)
{
	struct slice before = found(VAULT_SETTINGS, NULL).settings.from_name;
	give("from_name=Not kept");
	give(wrong[_i].word);
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_BAD_RECORD);
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_find(said, slice_of_text(wrong[_i].sentence)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
	ck_assert(slice_eq(found(VAULT_SETTINGS, NULL).settings.from_name, before));
}
END_TEST

START_TEST(nobody_has_no_settings)
{
	session.options[OPTION_TENANT] = "nobody";
	give("from_name=x");
	ck_assert_uint_eq(vault_set_settings(&session, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vault_set_policy(&session, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vault_aws_put(&session, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vault_count(session.vault), VAULTS_COUNT);
}
END_TEST

START_TEST(accounts_come_and_go)
{
	session.name = "main";
	session.options[OPTION_ROLE_ARN] = "arn:aws:iam::123456789012:role/pagepost";
	session.options[OPTION_REGION] = "eu-central-1";
	ck_assert_uint_eq(vault_aws_put(&session, &problem), FAULT_NONE);
	ck_assert(slice_eq(found(VAULT_AWS, "main").aws.region, SLICE_LIT("eu-central-1")));
	ck_assert_uint_eq(vault_aws_remove(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(vault_aws_remove(&session, &problem), FAULT_NOT_FOUND);
	session.options[OPTION_REGION] = "Frankfurt am Main";
	ck_assert_uint_eq(vault_aws_put(&session, &problem), FAULT_BAD_RECORD);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_change");
	TCase *t = tcase_create("vault_change");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, settings_change_key_by_key);
	tcase_add_loop_test(t, a_list_is_its_items, 0, COUNT_OF(lists));
	tcase_add_test(t, a_space_has_a_policy_of_its_own);
	tcase_add_test(t, a_spaces_policy_that_says_nothing_is_gone);
	tcase_add_test(t, a_long_text_comes_from_a_file);
	tcase_add_loop_test(t, what_cannot_be_is_refused, 0, COUNT_OF(wrong));
	tcase_add_test(t, nobody_has_no_settings);
	tcase_add_test(t, accounts_come_and_go);
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
