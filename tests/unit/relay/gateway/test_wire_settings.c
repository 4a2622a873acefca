#include "relay/gateway/wire_settings.h"

#include "tests/support/check_main.h"

static struct settings *settings;

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

START_TEST(limits_reach_the_intake)
{
	read_text(SLICE_LIT("limits: { head = \"2 KiB\"; head_time = \"3 s\"; idle = \"4 s\"; "
			    "body_rate = \"5 B\"; wait = \"6 s\"; wait_max = \"7 s\"; };"));
	struct intake_limits l = wire_intake_limits(settings);
	ck_assert_uint_eq(l.head, 2048);
	ck_assert_uint_eq(l.head_ms, 3000);
	ck_assert_uint_eq(l.idle_ms, 4000);
	ck_assert_uint_eq(l.body_bytes_per_s, 5);
	ck_assert_uint_eq(l.wait_ms, 6000);
	ck_assert_uint_eq(l.wait_max_ms, 7000);
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
	struct fetch_rules fetch;
	read_text(SLICE_LIT(
		"oauth: { allowed_ranges = [\"127.0.0.0/8\", \"fd00::/8\"]; };"
		"pictures: { allowed_ranges = [\"10.0.0.0/8\"]; fetch_time = \"2 s\"; };"));
	ck_assert_uint_eq(wire_oauth_rules(settings, &oauth), FAULT_NONE);
	ck_assert_uint_eq(oauth.range_count, 2);
	ck_assert_uint_eq(oauth.ports[0], 443);
	ck_assert_uint_eq(wire_fetch_rules(settings, &fetch), FAULT_NONE);
	ck_assert_uint_eq(fetch.range_count, 1);
	ck_assert_uint_eq(fetch.timeout_ms, 2000);
}
END_TEST

START_TEST(policy_names_whose_address_may_stand_in_from)
{
	read_text(
		SLICE_LIT("policy: { from = \"server\"; recipient_domains = [\"a.example\"]; };"));
	struct policy_params p = wire_policy(settings);
	ck_assert_uint_eq(p.from, POLICY_FROM_SERVER);
	ck_assert_uint_eq(p.recipient_domain_count, 1);
	read_text(SLICE_LIT(""));
	ck_assert_uint_eq(wire_policy(settings).from, POLICY_FROM_ANY);
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
	ck_assert_uint_eq(wire_render_limits(settings).picture, 1024 * 1024);
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
	tcase_add_test(t, policy_names_whose_address_may_stand_in_from);
	tcase_add_test(t, what_may_lack_is_named_one_by_one);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
