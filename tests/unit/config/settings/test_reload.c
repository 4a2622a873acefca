#include "config/settings/settings.h"

#include "spool-free/base/buf.h"
#include "config/settings/key.h"
#include "tests/support/check_main.h"

static struct settings *read_text(const char *text)
{
	struct settings *s = NULL;
	struct settings_mistakes mistakes;
	settings_mistakes_init(&mistakes);
	enum fault f = settings_parse(slice_of_text(text), "t.conf", "/etc", &s, &mistakes);
	settings_print_mistakes(stderr, &mistakes);
	settings_mistakes_deinit(&mistakes);
	ck_assert_int_eq(f, FAULT_NONE);
	return s;
}

static void note(void *ctx, struct slice key)
{
	struct buf *b = ctx;
	ck_assert_int_eq(buf_add_text(b, b->len > 0 ? " " : ""), FAULT_NONE);
	ck_assert_int_eq(buf_add(b, key), FAULT_NONE);
}

/* A change of every type of key; and each row the other way round. */
static const struct {
	const char *before, *after, *taken, *kept;
} rows[] = {
	{"", "", "", ""},
	{"", "relay: { chunking = false; };", "relay.chunking", ""},
	{"", "limits: { body = \"40 MiB\"; };", "limits.body", ""},
	{"", "limits: { idle = \"1 s\"; };", "limits.idle", ""},
	{"", "limits: { idle = \"60000 ms\"; };", "", ""},
	{"", "limits: { recipients = 7; };", "limits.recipients", ""},
	{"", "listen: { port = 1; };", "", "listen.port"},
	{"", "listen: { address = \"::1\"; };", "", "listen.address"},
	{"", "tls: { certificate = \"a\"; };", "tls.certificate", ""},
	{"tls: { certificate = \"/etc/a\"; };", "tls: { certificate = \"a\"; };", "", ""},
	{"", "vault: { credential = \"a\"; };", "", "vault.credential"},
	{"", "relay: { ehlo_name = \"a.example\"; };", "", "relay.ehlo_name"},
	{"", "keeper: { allowed_user = \"a\"; };", "", "keeper.allowed_user"},
	{"", "policy: { from = \"own\"; };", "policy.from", ""},
	{"", "lockdown: { allow_lacking = [\"memory\"]; };", "", "lockdown.allow_lacking"},
	{"", "pictures: { allowed_ports = [80]; };", "pictures.allowed_ports", ""},
	{"", "pictures: { allowed_ports = [80, 444]; };", "pictures.allowed_ports", ""},
	{"", "relay: { allowed_ranges = [\"10.0.0.0/8\"]; };", "", "relay.allowed_ranges"},
	{"policy: { recipient_domains = [\"a.example\"]; };",
	 "policy: { recipient_domains = [\"b.example\"]; };", "policy.recipient_domains", ""},
	{"", "gateway: { loops = 3; stop_time = \"1 s\"; workers = 2; };", "gateway.stop_time",
	 "gateway.loops gateway.workers"},
};

static void expect(const struct settings *a, const struct settings *b, bool taken, const char *want)
{
	CLEANUP(buf_deinit) struct buf got;
	buf_init(&got, 1024);
	unsigned count = settings_differ(a, b, taken, note, &got);
	ck_assert_msg(slice_eq(buf_view(&got), slice_of_text(want)), "got \"%.*s\", want \"%s\"",
		      (int)got.len, got.ptr != NULL ? (const char *)got.ptr : "", want);
	ck_assert_uint_eq(settings_differ(a, b, taken, NULL, NULL), count);
	ck_assert_uint_eq(count == 0, want[0] == '\0');
}

START_TEST(tells_what_changed)
{
	struct settings *before = read_text(rows[_i].before);
	struct settings *after = read_text(rows[_i].after);
	expect(before, after, true, rows[_i].taken);
	expect(after, before, true, rows[_i].taken);
	expect(before, after, false, rows[_i].kept);
	expect(after, before, false, rows[_i].kept);
	settings_free(&before);
	settings_free(&after);
}
END_TEST

/* Where the process listens, what it opened before its confinement, and how it is confined cannot change. */
START_TEST(what_cannot_change_is_not_taken)
{
	static const struct {
		struct slice group, name;
	} never[] = {
		{SLICE_INIT("listen"), SLICE_INIT("port")},
		{SLICE_INIT("vault"), SLICE_INIT("file")},
		{SLICE_INIT("keeper"), SLICE_INIT("socket")},
		{SLICE_INIT("gateway"), SLICE_INIT("loops")},
		{SLICE_INIT("lockdown"), SLICE_INIT("allow_lacking")},
	};
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		const struct settings_key *k = settings_find_key(never[i].group, never[i].name);
		ck_assert_ptr_nonnull(k);
		ck_assert(!settings_is_taken(k));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("settings/reload");
	TCase *t = tcase_create("reload");
	tcase_add_loop_test(t, tells_what_changed, 0, COUNT_OF(rows));
	tcase_add_test(t, what_cannot_change_is_not_taken);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
