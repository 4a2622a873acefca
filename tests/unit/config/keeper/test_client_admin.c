#include "config/keeper/client.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config/keeper/wire.h"
#include "tests/support/check_main.h"

/*
 * What an admin asks as it goes over the wire, and which answers are none. A real keeper's are in test_keeper.c; here one
 * request is read whole, and answered with what the test says.
 */

enum { PATIENCE_MS = 20 * 1000, ARENA = 64 * 1024 };

static char folder[] = "/tmp/pagepost-admin-XXXXXX";
static char socket_path[PATH_MAX];
static int listener;
static pthread_t keeper;
static struct wire_frame got; /* what the client sent */
static struct wire_message request;
static unsigned accepted; /* connections */
static struct secret *to_say;
static struct keeper_client *client;
static struct arena arena;
static struct problem problem;
static struct secret *half;

static struct keeper_proof proof = {.token_hash = "thirty-two bytes of a hash, here"};

static void setup(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	size_t len = strlen(folder);
	memcpy(socket_path, folder, len);
	memcpy(socket_path + len, "/socket", 8);
	memcpy(address.sun_path, socket_path, len + 8);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	wire_frame_init(&got, WIRE_REQUEST_MAX);
	arena_init(&arena, ARENA);
	ck_assert_uint_eq(secret_new(SLICE_LIT("half of the key, of 32 bytes ..."), &half),
			  FAULT_NONE);
	proof.half = half;
	ck_assert_uint_eq(keeper_client_new(slice_of_text(socket_path), PATIENCE_MS, &client),
			  FAULT_NONE);
}

static void teardown(void)
{
	keeper_client_free(&client);
	wire_frame_deinit(&got);
	secret_free(&to_say);
	secret_free(&half);
	arena_deinit(&arena);
	close(listener);
	unlink(socket_path);
	rmdir(folder);
}

/* One request over each connection; closed without an answer when there is nothing to say. */
static void *play(void *arg)
{
	char chunk[4096];
	(void)arg;
	int fd = accept(listener, NULL, NULL);
	accepted++;
	while (!wire_frame_is_whole(&got)) {
		ssize_t n = recv(fd, chunk, sizeof(chunk), 0);
		struct slice bytes = slice_of(chunk, n > 0 ? (size_t)n : 0);
		if (n <= 0 || wire_frame_feed(&got, &bytes) != FAULT_NONE) {
			break;
		}
	}
	struct slice answer = secret_view(to_say);
	if (answer.len > 0) {
		send(fd, answer.ptr, answer.len, MSG_NOSIGNAL);
	}
	close(fd);
	return NULL;
}

static void start(const struct wire_message *answer)
{
	if (answer != NULL) {
		ck_assert_uint_eq(wire_write(answer, WIRE_ANSWER_MAX, &to_say), FAULT_NONE);
	}
	ck_assert_int_eq(pthread_create(&keeper, NULL, play, NULL), 0);
}

static void stop(void)
{
	pthread_join(keeper, NULL);
	ck_assert_uint_eq(wire_frame_read(&got, &request), FAULT_NONE);
}

static void check_field(size_t at, struct slice value)
{
	ck_assert_uint_lt(at, request.count);
	ck_assert_msg(slice_eq(request.fields[at], value), "field %zu", at);
}

static void check_request(enum wire_operation code, size_t count)
{
	ck_assert_uint_eq(request.code, code);
	ck_assert_uint_eq(request.count, count);
	check_field(0, slice_of(proof.token_hash, KEEPER_TOKEN_HASH));
}

static struct keeper_target target(enum keeper_kind kind, const char *name)
{
	return (struct keeper_target){.proof = &proof, .kind = kind, .name = slice_of_text(name)};
}

START_TEST(a_record_is_asked_for_and_read)
{
	static const struct wire_message answer = {
		.count = 5,
		.fields = {SLICE_INIT("\0\0\1\2"), SLICE_INIT("host"), SLICE_INIT("tsmtp.example"),
			   SLICE_INIT("password"), SLICE_INIT("s")}};
	struct keeper_target t = target(KEEPER_SERVER, "main");
	struct keeper_document d;
	start(&answer);
	ck_assert_uint_eq(keeper_get_record(client, &t, &arena, &d, &problem), FAULT_NONE);
	stop();
	check_request(WIRE_GET_RECORD, 4);
	check_field(1, secret_view(half));
	check_field(2, SLICE_LIT("\3"));
	check_field(3, SLICE_LIT("main"));
	ck_assert_uint_eq(d.version, 258);
	ck_assert_uint_eq(d.count, 2);
	ck_assert(slice_eq(d.pairs[0].key, SLICE_LIT("host")));
	ck_assert_int_eq(d.pairs[0].type, KEEPER_TEXT);
	ck_assert(slice_eq(d.pairs[0].value, SLICE_LIT("smtp.example")));
	ck_assert_int_eq(d.pairs[1].type, KEEPER_SECRET);
	ck_assert_uint_eq(d.pairs[1].value.len, 0);
}
END_TEST

static const struct wire_message no_records[] = {
	{.count = 0},
	{.count = 1, .fields = {SLICE_INIT("")}},
	{.count = 1, .fields = {SLICE_INIT("\0\0\0")}},
	{.count = 1, .fields = {SLICE_INIT("\0\0\0\0\1")}},
	{.count = 2, .fields = {SLICE_INIT("\0\0\0\1"), SLICE_INIT("host")}},
	{.count = 3, .fields = {SLICE_INIT("\0\0\0\1"), SLICE_INIT("host"), SLICE_INIT("")}},
	{.count = 3, .fields = {SLICE_INIT("\0\0\0\1"), SLICE_INIT("host"), SLICE_INIT("xa")}},
	{.count = 3, .fields = {SLICE_INIT("\0\0\0\1"), SLICE_INIT("host"), SLICE_INIT("0")}},
	{.count = 3 + 2 * KEEPER_PAIRS_MAX, .fields = {SLICE_INIT("\0\0\0\1")}},
};

START_TEST(what_is_no_record_is_told)
{
	struct keeper_target t = target(KEEPER_SERVER, "main");
	struct keeper_document d;
	start(&no_records[_i]);
	ck_assert_uint_eq(keeper_get_record(client, &t, &arena, &d, &problem),
			  FAULT_KEEPER_PROTOCOL);
	stop();
}
END_TEST

START_TEST(names_are_listed)
{
	static const struct wire_message answer = {
		.count = 2, .fields = {SLICE_INIT("also"), SLICE_INIT("main")}};
	static const struct wire_message none = {.count = 0};
	struct keeper_target t = target(KEEPER_AWS, "not looked at");
	struct slice *names = NULL;
	size_t count = 99;
	start(_i == 0 ? &answer : &none);
	ck_assert_uint_eq(keeper_list_records(client, &t, &arena, &names, &count, &problem),
			  FAULT_NONE);
	stop();
	check_request(WIRE_LIST_RECORDS, 3);
	check_field(2, SLICE_LIT("\6"));
	ck_assert_uint_eq(count, _i == 0 ? 2 : 0);
	ck_assert(count == 0 || slice_eq(names[1], SLICE_LIT("main")));
}
END_TEST

START_TEST(more_names_than_there_may_be_are_no_answer)
{
	static struct wire_message answer = {.count = KEEPER_NAMES_MAX + 1};
	struct keeper_target t = target(KEEPER_AWS, "");
	struct slice *names;
	size_t count;
	start(&answer);
	ck_assert_uint_eq(keeper_list_records(client, &t, &arena, &names, &count, &problem),
			  FAULT_KEEPER_PROTOCOL);
	stop();
}
END_TEST

START_TEST(a_change_goes_out_with_its_condition)
{
	static const struct wire_message answer = {
		.count = 2, .fields = {SLICE_INIT("\0\0\0\x09"), SLICE_INIT("\1")}};
	static const struct keeper_pair pairs[] = {
		{SLICE_INIT("host"), KEEPER_TEXT, SLICE_INIT("smtp.example")},
		{SLICE_INIT("port"), KEEPER_NUMBER, SLICE_INIT("25")},
		{SLICE_INIT("password"), KEEPER_NULL, SLICE_INIT("")},
	};
	struct keeper_target t = target(KEEPER_SERVER, "main");
	struct keeper_put put = {.condition = {.kind = KEEPER_IF_VERSION, .version = 258},
				 .pairs = pairs,
				 .count = COUNT_OF(pairs)};
	start(&answer);
	ck_assert_uint_eq(keeper_put_record(client, &t, &put, &problem), FAULT_NONE);
	stop();
	check_request(WIRE_PUT_RECORD, 11);
	check_field(4, SLICE_LIT("\2\0\0\1\2"));
	check_field(5, SLICE_LIT("host"));
	check_field(6, SLICE_LIT("tsmtp.example"));
	check_field(7, SLICE_LIT("port"));
	check_field(8, SLICE_LIT("n25"));
	check_field(9, SLICE_LIT("password"));
	check_field(10, SLICE_LIT("0"));
	ck_assert_uint_eq(put.version, 9);
	ck_assert(put.is_new);
}
END_TEST

static const struct wire_message no_changes[] = {
	{.count = 0},
	{.count = 1, .fields = {SLICE_INIT("\0\0\0\x09")}},
	{.count = 2, .fields = {SLICE_INIT("\0\0\x09"), SLICE_INIT("\1")}},
	{.count = 2, .fields = {SLICE_INIT("\0\0\0\x09"), SLICE_INIT("")}},
	{.count = 3, .fields = {SLICE_INIT("\0\0\0\x09"), SLICE_INIT("\1"), SLICE_INIT("")}},
};

START_TEST(what_is_no_version_is_told)
{
	struct keeper_target t = target(KEEPER_SETTINGS, "");
	struct keeper_put put = {.condition = {.kind = KEEPER_IF_ANY}};
	start(&no_changes[_i]);
	ck_assert_uint_eq(keeper_put_record(client, &t, &put, &problem), FAULT_KEEPER_PROTOCOL);
	stop();
}
END_TEST

/* Refused before anybody is asked: nobody listens here. */
START_TEST(what_does_not_fit_is_not_sent)
{
	static char large[KEEPER_CHANGE_MAX + 1];
	static struct keeper_pair many[KEEPER_PAIRS_MAX + 1];
	const struct {
		const struct keeper_pair pair;
		size_t count;
	} rows[] = {
		{{SLICE_INIT("css"), KEEPER_TEXT, {large, KEEPER_CHANGE_MAX}}, 1},
		{{SLICE_INIT("css"), KEEPER_TEXT, {large, KEEPER_CHANGE_MAX - 1}},
		 1}, /* the rest */
		{{SLICE_INIT("css"), KEEPER_TEXT, SLICE_INIT("")}, COUNT_OF(many)},
		{{{large, UINT16_MAX - 10}, KEEPER_TEXT, SLICE_INIT("")}, 1},
	};
	struct keeper_target t = target(KEEPER_SETTINGS, "");
	struct keeper_put put = {
		.condition = {.kind = KEEPER_IF_ANY}, .pairs = many, .count = rows[_i].count};
	unlink(socket_path);
	many[0] = rows[_i].pair;
	ck_assert_uint_eq(keeper_put_record(client, &t, &put, &problem), FAULT_TOO_LARGE);
	ck_assert_uint_eq(problem.fault, FAULT_TOO_LARGE);
	ck_assert(slice_ends(problem_text(&problem), SLICE_LIT("60 KiB of values.")));
}
END_TEST

/* The connection broke behind the request: it may have been done, so it is not asked again. */
START_TEST(a_change_is_asked_once)
{
	struct keeper_target t = target(KEEPER_SETTINGS, "");
	struct keeper_condition condition = {.kind = KEEPER_IF_ANY};
	start(NULL);
	ck_assert_uint_eq(keeper_remove_record(client, &t, condition, &problem), FAULT_KEEPER_DOWN);
	stop();
	check_request(WIRE_REMOVE_RECORD, 5);
	check_field(4, SLICE_LIT("\3\0\0\0\0"));
	ck_assert_uint_eq(accepted, 1);
}
END_TEST

START_TEST(a_refusal_comes_with_its_sentence)
{
	struct wire_message answer = {.code = wire_result_of(FAULT_PRECONDITION),
				      .count = 1,
				      .fields = {SLICE_INIT("Somebody else.")}};
	struct keeper_target t = target(KEEPER_SETTINGS, "");
	struct keeper_condition condition = {.kind = KEEPER_IF_ABSENT};
	start(&answer);
	ck_assert_uint_eq(keeper_remove_record(client, &t, condition, &problem),
			  FAULT_PRECONDITION);
	stop();
	ck_assert_uint_eq(problem.fault, FAULT_PRECONDITION);
	ck_assert(slice_eq(problem_text(&problem), SLICE_LIT("Somebody else.")));
}
END_TEST

START_TEST(orders_are_no_more_than_they_say)
{
	static const struct wire_message done = {.count = 0};
	struct secret *fresh;
	ck_assert_uint_eq(secret_new(SLICE_LIT("another half, of 32 bytes ......"), &fresh),
			  FAULT_NONE);
	start(&done);
	switch (_i) {
	case 0:
		ck_assert_uint_eq(keeper_tell_event(client, &proof, KEEPER_UNINSTALLED, NULL),
				  FAULT_NONE);
		stop();
		check_request(WIRE_TELL_EVENT, 2);
		check_field(1, SLICE_LIT("\1"));
		break;
	case 1:
		ck_assert_uint_eq(keeper_shred_tenant(client, &proof, NULL), FAULT_NONE);
		stop();
		check_request(WIRE_SHRED_TENANT, 1);
		break;
	case 2:
		ck_assert_uint_eq(keeper_change_half(client, &proof, KEEPER_HALF_DROP, NULL, NULL),
				  FAULT_NONE);
		stop();
		check_request(WIRE_CHANGE_HALF, 4);
		check_field(1, secret_view(half));
		check_field(2, SLICE_LIT("\2"));
		check_field(3, SLICE_LIT(""));
		break;
	case 3:
		ck_assert_uint_eq(keeper_change_half(client, &proof, KEEPER_HALF_ADD, fresh, NULL),
				  FAULT_NONE);
		stop();
		check_field(2, SLICE_LIT("\0"));
		check_field(3, secret_view(fresh));
		break;
	}
	secret_free(&fresh);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("client_admin");
	TCase *t = tcase_create("client_admin");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_record_is_asked_for_and_read);
	tcase_add_loop_test(t, what_is_no_record_is_told, 0, COUNT_OF(no_records));
	tcase_add_loop_test(t, names_are_listed, 0, 2);
	tcase_add_test(t, more_names_than_there_may_be_are_no_answer);
	tcase_add_test(t, a_change_goes_out_with_its_condition);
	tcase_add_loop_test(t, what_is_no_version_is_told, 0, COUNT_OF(no_changes));
	tcase_add_loop_test(t, what_does_not_fit_is_not_sent, 0, 4);
	tcase_add_test(t, a_change_is_asked_once);
	tcase_add_test(t, a_refusal_comes_with_its_sentence);
	tcase_add_loop_test(t, orders_are_no_more_than_they_say, 0, 4);
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
