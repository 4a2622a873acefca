#include "relay/gateway/wire_settings.h"

#include "tests/support/certs.h"
#include "tests/support/check_main.h"

static struct settings *settings;
static struct certs certs;
static struct cert_pair pair;

static void read_text(struct slice text)
{
	struct settings_mistakes mistakes;
	settings_mistakes_init(&mistakes);
	settings_free(&settings);
	ck_assert_uint_eq(settings_parse(text, "test", "/", &settings, &mistakes), FAULT_NONE);
	settings_mistakes_deinit(&mistakes);
}

static void free_settings(void)
{
	settings_free(&settings);
}

/* The settings of `text`, with a certificate that is one. */
static struct rules *rules_of(struct slice text, unsigned lanes)
{
	CLEANUP(buf_deinit) struct buf all;
	struct rules *r;
	struct problem problem = {0};
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	buf_init(&all, 4096);
	ck_assert_int_eq(buf_add_text(&all, "tls: { certificate = \""), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&all, pair.cert_file), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&all, "\"; key = \""), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&all, pair.key_file), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&all, "\"; };"), FAULT_NONE);
	ck_assert_int_eq(buf_add(&all, text), FAULT_NONE);
	read_text(buf_view(&all));
	ck_assert_uint_eq(wire_rules(settings, lanes, &r, &problem), FAULT_NONE);
	return r;
}

START_TEST(limits_reach_the_intake)
{
	struct rules *r = rules_of(
		SLICE_LIT("limits: { head = \"2 KiB\"; head_time = \"3 s\"; idle = \"4 s\"; "
			  "body_rate = \"5 B\"; wait = \"6 s\"; wait_max = \"7 s\"; "
			  "connections = 100; connections_per_address = 9; };"),
		3);
	ck_assert_uint_eq(r->intake.head, 2048);
	ck_assert_uint_eq(r->intake.head_ms, 3000);
	ck_assert_uint_eq(r->intake.idle_ms, 4000);
	ck_assert_uint_eq(r->intake.body_bytes_per_s, 5);
	ck_assert_uint_eq(r->intake.wait_ms, 6000);
	ck_assert_uint_eq(r->intake.wait_max_ms, 7000);
	ck_assert_uint_eq(r->intake.connections, 34); /* a third, and no less */
	ck_assert_uint_eq(r->intake.connections_per_address, 9);
	rules_free(&r);
	certs_deinit(&certs);
}
END_TEST

START_TEST(answers_have_an_eighth_of_the_memory)
{
	read_text(SLICE_LIT("limits: { memory = \"64 MiB\"; tenant_memory = \"64 MiB\"; jobs = 3; "
			    "tenant_jobs = 2; };"));
	ck_assert_uint_eq(wire_budget(settings).bytes, 64 * 1024 * 1024);
	ck_assert_uint_eq(wire_budget(settings).jobs, 3);
	ck_assert_uint_eq(wire_job_table(settings).bytes, 8 * 1024 * 1024);
	ck_assert_uint_eq(wire_job_table(settings).entries, 12);
}
END_TEST

START_TEST(a_refused_login_pauses_for_the_longest_time_at_once)
{
	read_text(SLICE_LIT("relay: { breaker_pause = \"1 s\"; breaker_pause_max = \"9 s\"; };"));
	struct smtp_relay_params p = wire_relay_params(settings);
	ck_assert_uint_eq(p.breakers.usual.pause.base_ms, 1000);
	ck_assert_uint_eq(p.breakers.usual.pause.most_ms, 9000);
	ck_assert_uint_eq(p.breakers.auth.pause.base_ms, 9000);
}
END_TEST

START_TEST(the_name_is_the_settings_or_the_hosts)
{
	char room[WIRE_HOST_NAME];
	read_text(SLICE_LIT("relay: { ehlo_name = \"mail.example\"; };"));
	ck_assert(slice_eq(wire_ehlo_name(settings, room), SLICE_LIT("mail.example")));
	read_text(SLICE_LIT(""));
	ck_assert_uint_gt(wire_ehlo_name(settings, room).len, 0);
}
END_TEST

START_TEST(counts_are_the_settings_or_the_machines)
{
	read_text(SLICE_LIT("gateway: { loops = 3; workers = 200; };"));
	ck_assert_uint_eq(wire_lane_count(settings), 3);
	ck_assert_uint_eq(wire_worker_count(settings), 200);
	ck_assert_uint_eq(wire_keeper_count(settings), 24);
	read_text(SLICE_LIT(""));
	ck_assert_uint_ge(wire_lane_count(settings), 1);
	ck_assert_uint_eq(wire_worker_count(settings), wire_lane_count(settings) + 1);
	ck_assert_uint_le(wire_keeper_count(settings), wire_worker_count(settings));
}
END_TEST

START_TEST(ranges_are_read)
{
	struct poster_rules oauth;
	struct rules *r = rules_of(
		SLICE_LIT("oauth: { allowed_ranges = [\"127.0.0.0/8\", \"fd00::/8\"]; };"
			  "pictures: { fetch_external = true; allowed_ranges = [\"10.0.0.0/8\"]; "
			  "fetch_time = \"2 s\"; };"),
		1);
	ck_assert_uint_eq(wire_oauth_rules(settings, &oauth), FAULT_NONE);
	ck_assert_uint_eq(oauth.range_count, 2);
	ck_assert_uint_eq(oauth.ports[0], 443);
	ck_assert(r->fetches);
	ck_assert_uint_eq(r->fetch.range_count, 1);
	ck_assert_uint_eq(r->fetch.timeout_ms, 2000);
	rules_free(&r);
	certs_deinit(&certs);
}
END_TEST

START_TEST(rules_of_all_kinds)
{
	struct rules *r = rules_of(
		SLICE_LIT("policy: { from = \"server\"; recipient_domains = [\"a.example\"]; };"
			  "limits: { deadline = \"9 s\"; body = \"20 MiB\"; };"
			  "gateway: { stop_time = \"3 s\"; };"
			  "relay: { attempts = 7; };"
			  "pictures: { inline_each = \"2 MiB\"; };"),
		1);
	ck_assert_uint_eq(r->policy.from, POLICY_FROM_SERVER);
	ck_assert_uint_eq(r->policy.recipient_domain_count, 1);
	ck_assert_uint_eq(r->deadline_ms, 9000);
	ck_assert_uint_eq(r->stop_ms, 3000);
	ck_assert_uint_eq(r->body, 20 * 1024 * 1024);
	ck_assert_uint_eq(r->relay.attempts, 7);
	ck_assert_uint_eq(r->render.picture, 2 * 1024 * 1024);
	ck_assert(!r->fetches);
	ck_assert_ptr_nonnull(r->tls);
	rules_free(&r);
	certs_deinit(&certs);
}
END_TEST

/* Nothing is taken of settings whose certificate is none. */
START_TEST(a_bad_certificate_is_told)
{
	struct rules *r = NULL;
	struct problem problem = {0};
	read_text(
		SLICE_LIT("tls: { certificate = \"/nonexistent/a\"; key = \"/nonexistent/b\"; };"));
	ck_assert_uint_eq(wire_rules(settings, 1, &r, &problem), FAULT_BAD_SETTING);
	ck_assert_ptr_null(r);
	ck_assert(slice_eq(
		problem_text(&problem),
		SLICE_LIT("The certificate file cannot be read (No such file or directory). "
			  "The settings name both files: tls.certificate, tls.key.")));
}
END_TEST

START_TEST(settings_may_go_with_their_rules)
{
	struct rules *r = rules_of(SLICE_LIT(""), 1);
	wire_rules_own(r, STEAL(settings)); /* valgrind and the sanitizer see whether they go */
	rules_free(&r);
	ck_assert_ptr_null(r);
	certs_deinit(&certs);
}
END_TEST

START_TEST(what_may_lack_is_named_one_by_one)
{
	read_text(SLICE_LIT("lockdown: { allow_lacking = [\"seccomp\"]; };"));
	ck_assert(!wire_landlock_may_lack(settings));
	ck_assert(wire_seccomp_may_lack(settings));
	ck_assert(!wire_memory_may_lack(settings));
	ck_assert(!wire_pictures(settings).landlock_may_lack);
	ck_assert(wire_pictures(settings).seccomp_may_lack);
	ck_assert_uint_eq(wire_pictures_ms(settings), 3 * wire_pictures(settings).time_ms);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/wire_settings");
	TCase *t = tcase_create("wire_settings");
	tcase_add_checked_fixture(t, NULL, free_settings);
	tcase_add_test(t, limits_reach_the_intake);
	tcase_add_test(t, answers_have_an_eighth_of_the_memory);
	tcase_add_test(t, a_refused_login_pauses_for_the_longest_time_at_once);
	tcase_add_test(t, the_name_is_the_settings_or_the_hosts);
	tcase_add_test(t, counts_are_the_settings_or_the_machines);
	tcase_add_test(t, ranges_are_read);
	tcase_add_test(t, rules_of_all_kinds);
	tcase_add_test(t, a_bad_certificate_is_told);
	tcase_add_test(t, settings_may_go_with_their_rules);
	tcase_add_test(t, what_may_lack_is_named_one_by_one);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
