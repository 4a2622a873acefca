#include "relay/smtp/scram.h"

#include "spool-free/base/base64.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define NONCE	   "fyko+d2lbbFgONRv9qkxdawL"
#define SHORT	   "rOprNGfwEbeRWgbNEkqO"
#define SHORT_FULL SHORT "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define FULL	   NONCE "SERVER"
#define SALT	   ",s=c2FsdHkgc2FsdA=="
#define FIRST	   "r=" FULL SALT ",i=4096"

/* Whole exchanges. The first two are the examples of RFC 5802 and RFC 7677; the others were computed apart from this code. */
static const struct {
	const char *name;
	enum digest_kind digest;
	enum scram_bound bound;
	const char *type, *username, *password, *nonce;
	const char *says, *hears, *proves, *proof;
	unsigned turns;
} rows[] = {
	{"RFC 5802", DIGEST_SHA1, SCRAM_CANNOT_BIND, "", "user", "pencil", NONCE,
	 "n,,n=user,r=" NONCE, "r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
	 "c=biws,r=" NONCE "3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
	 "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", 1},
	{"RFC 7677", DIGEST_SHA256, SCRAM_CANNOT_BIND, "", "user", "pencil", SHORT,
	 "n,,n=user,r=" SHORT, "r=" SHORT_FULL ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
	 "c=biws,r=" SHORT_FULL ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	 "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", 1},
	{"bound by the exporter", DIGEST_SHA256, SCRAM_BINDS, "tls-exporter", "user", "pencil",
	 NONCE, "p=tls-exporter,,n=user,r=" NONCE, FIRST,
	 "c=cD10bHMtZXhwb3J0ZXIsLGV4cG9ydGVk,r=" FULL
	 ",p=vD1hgaCPLFcflWKrUsC6tGAk+u6ANwAd/H+9pKGnvug=",
	 "v=Gd1SQK8iKZgfArvgCgHpYuWfcHd2/HxKdKUrUW3W5wg=", 1},
	{"bound by the certificate", DIGEST_SHA1, SCRAM_BINDS, "tls-server-end-point", "user",
	 "pencil", NONCE, "p=tls-server-end-point,,n=user,r=" NONCE, FIRST,
	 "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,r=" FULL
	 ",p=lxNGB6q2tK9fSZJ4l/g6shz4wqg=",
	 "v=Ds5ha+MxZEqOEqSvS35I3XJNxIg=", 1},
	{"could be bound", DIGEST_SHA256, SCRAM_COULD_BIND, "tls-exporter", "user", "pencil", NONCE,
	 "y,,n=user,r=" NONCE, FIRST,
	 "c=eSws,r=" FULL ",p=Db1Z/13OvhfOsKfXlfiTdKpOpmvlb94f8wLwXzPMJdc=",
	 "v=ZzrMxty6I725HAZSydXhdn4Eyccwai2Ksug922B9/SA=", 1},
	{"a name with separators", DIGEST_SHA256, SCRAM_CANNOT_BIND, "", "a,b=c", "pencil", NONCE,
	 "n,,n=a=2Cb=3Dc,r=" NONCE, "r=" FULL SALT ",i=5000",
	 "c=biws,r=" FULL ",p=NDoFnv4JwYGkbRJjC1tlnOXO624p1mys8E8bIQXkgYk=",
	 "v=nLsPrtKS4ztuMLbG6FD3c2qadd1QiWDSl9/55am0kcs=", 1},
	{"more rounds than a turn has, UTF-8", DIGEST_SHA256, SCRAM_CANNOT_BIND, "", "user",
	 "p\xC3\xA4ss\xE2\x82\xAC", NONCE, "n,,n=user,r=" NONCE, "r=" FULL SALT ",i=40000",
	 "c=biws,r=" FULL ",p=CeUxWrp+TpAAzd25Xm1spshWz50sSdM2SRi4KprHMgk=",
	 "v=sF3Bivb+5jVfmT6yYAWhe+NjGxw3Hm61jF/sgVA+G3w=", 3},
	{"an empty password", DIGEST_SHA1, SCRAM_CANNOT_BIND, "", "user", "", NONCE,
	 "n,,n=user,r=" NONCE, FIRST,
	 "c=biws,r=" FULL ",p=e8uPomzeF1P/21Jt15+DXutAgEA=", "v=ZwtECK/ooYfXYvTAXQQRUZN3ihc=", 1},
};

static void begin(struct scram *s, enum digest_kind digest, enum scram_bound bound,
		  const char *type, const char *nonce)
{
	struct scram_binding binding = {.type = slice_of_text(type)};
	unsigned char chance[SCRAM_CHANCE_LEN];
	size_t len;
	if (slice_eq(binding.type, SLICE_LIT("tls-exporter"))) {
		memcpy(binding.bytes, "exported", binding.len = 8);
	} else if (binding.type.len > 0) {
		for (binding.len = 0; binding.len < 32; binding.len++) {
			binding.bytes[binding.len] = (unsigned char)binding.len;
		}
	}
	ck_assert_int_eq(base64_decode(slice_of_text(nonce), (char *)chance, &len), FAULT_NONE);
	scram_init(s, digest, bound, &binding, slice_of(chance, len));
}

static void check_said(const char *name, const struct secret *said, const char *expected)
{
	struct slice s = secret_view(said);
	ck_assert_msg(slice_eq(s, slice_of_text(expected)), "%s: %.*s", name, (int)s.len, s.ptr);
}

START_TEST(exchanges)
{
	CLEANUP(scram_deinit) struct scram s;
	CLEANUP(secret_free) struct secret *password = NULL;
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *final = NULL;
	struct slice username = slice_of_text(rows[_i].username);
	begin(&s, rows[_i].digest, rows[_i].bound, rows[_i].type, rows[_i].nonce);
	ck_assert_int_eq(secret_new(slice_of_text(rows[_i].password), &password), FAULT_NONE);
	ck_assert_int_eq(scram_say_first(&s, username, &first), FAULT_NONE);
	check_said(rows[_i].name, first, rows[_i].says);
	ck_assert_int_eq(scram_take_first(&s, slice_of_text(rows[_i].hears), password), FAULT_NONE);
	unsigned turns = 0;
	for (; s.state == SCRAM_WORKS; turns++) {
		ck_assert_int_eq(scram_turn(&s, password), FAULT_NONE);
	}
	ck_assert_uint_eq(turns, rows[_i].turns);
	ck_assert_int_eq(scram_say_final(&s, username, &final), FAULT_NONE);
	check_said(rows[_i].name, final, rows[_i].proves);
	ck_assert_int_eq(scram_take_final(&s, slice_of_text(rows[_i].proof)), FAULT_NONE);
	ck_assert_int_eq(s.state, SCRAM_SURE);
}
END_TEST

static const struct {
	const char *name;
	struct slice message;
	const char *why; /* a word of it; NULL: it is taken */
} firsts[] = {
	{"just enough rounds", SLICE_INIT(FIRST), NULL},
	{"just not too many", SLICE_INIT("r=" FULL SALT ",i=600000"), NULL},
	{"an extension behind", SLICE_INIT(FIRST ",x=1"), NULL},
	{"nothing", SLICE_INIT(""), "follow"},
	{"a proof at once", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), "follow"},
	{"an error at once", SLICE_INIT("e=other-error"), "follow"},
	{"a mandatory extension before", SLICE_INIT("m=x," FIRST), "follow"},
	{"another order", SLICE_INIT("s=c2FsdA==,r=" FULL ",i=4096"), "follow"},
	{"no salt", SLICE_INIT("r=" FULL ",i=4096"), "follow"},
	{"an empty salt", SLICE_INIT("r=" FULL ",s=,i=4096"), "follow"},
	{"a salt that is no base64", SLICE_INIT("r=" FULL ",s=c2*sdA==,i=4096"), "follow"},
	{"no rounds", SLICE_INIT("r=" FULL SALT), "follow"},
	{"no number", SLICE_INIT("r=" FULL SALT ",i="), "follow"},
	{"another number", SLICE_INIT("r=" FULL SALT ",i=0x1000"), "follow"},
	{"a negative number", SLICE_INIT("r=" FULL SALT ",i=-4096"), "follow"},
	{"a number past all bounds", SLICE_INIT("r=" FULL SALT ",i=99999999999999999999"),
	 "follow"},
	{"no round", SLICE_INIT("r=" FULL SALT ",i=0"), "fewer than 4096"},
	{"one too few", SLICE_INIT("r=" FULL SALT ",i=4095"), "fewer than 4096"},
	{"one too many", SLICE_INIT("r=" FULL SALT ",i=600001"), "more than 600000"},
	{"2^32 and the right number", SLICE_INIT("r=" FULL SALT ",i=4294971392"),
	 "more than 600000"},
	{"our nonce alone", SLICE_INIT("r=" NONCE SALT ",i=4096"), "another login"},
	{"our nonce cut short", SLICE_INIT("r=fyko+d2lbbFgONRv9qkxdaw" SALT ",i=4096"),
	 "another login"},
	{"another nonce", SLICE_INIT("r=x" FULL SALT ",i=4096"), "another login"},
	{"a blank in the nonce", SLICE_INIT("r=" FULL " x" SALT ",i=4096"), "another login"},
	{"a NUL in the nonce", SLICE_INIT("r=" FULL "\0" SALT ",i=4096"), "another login"},
	{"UTF-8 in the nonce", SLICE_INIT("r=" FULL "\xC3\xA4" SALT ",i=4096"), "another login"},
};

static bool says(const struct scram *s, const char *word)
{
	struct slice why = slice_of_text(s->why);
	return slice_find(why, slice_of_text(word)) < why.len;
}

START_TEST(judges_the_first_message)
{
	CLEANUP(scram_deinit) struct scram s;
	CLEANUP(secret_free) struct secret *password = NULL;
	ck_assert_int_eq(secret_new(SLICE_LIT("pencil"), &password), FAULT_NONE);
	begin(&s, DIGEST_SHA256, SCRAM_CANNOT_BIND, "", NONCE);
	enum fault f = scram_take_first(&s, firsts[_i].message, password);
	ck_assert_msg((f == FAULT_NONE) == (firsts[_i].why == NULL), "%s", firsts[_i].name);
	if (f == FAULT_NONE) {
		ck_assert_int_eq(s.state, SCRAM_WORKS);
		ck_assert_int_eq(scram_take_first(&s, firsts[_i].message, password),
				 FAULT_UPSTREAM_PROTOCOL); /* once */
		return;
	}
	ck_assert_int_eq(f, FAULT_UPSTREAM_PROTOCOL);
	ck_assert_int_eq(s.state, SCRAM_BEGUN);
	ck_assert_msg(says(&s, firsts[_i].why), "%s: %s", firsts[_i].name, s.why);
}
END_TEST

START_TEST(first_message_has_a_limit)
{
	CLEANUP(scram_deinit) struct scram s;
	char long_one[SCRAM_MESSAGE_MAX + 1];
	begin(&s, DIGEST_SHA1, SCRAM_CANNOT_BIND, "", NONCE);
	memset(long_one, 'A', sizeof(long_one));
	memcpy(long_one, FIRST ",x=", sizeof(FIRST ",x=") - 1);
	ck_assert_int_eq(scram_take_first(&s, slice_of(long_one, sizeof(long_one)), NULL),
			 FAULT_UPSTREAM_PROTOCOL);
	ck_assert_int_eq(scram_take_first(&s, slice_of(long_one, sizeof(long_one) - 1), NULL),
			 FAULT_NONE);
}
END_TEST

static const struct {
	const char *name;
	struct slice message;
	enum scram_state state;
	const char *why;
} finals[] = {
	{"the signature", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), SCRAM_SURE, NULL},
	{"with an extension", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=1"), SCRAM_SURE, NULL},
	{"an error", SLICE_INIT("e=invalid-proof"), SCRAM_DENIED, NULL},
	{"another signature", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKR="), SCRAM_PROVES, "follow"},
	{"one bit off", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKU="), SCRAM_PROVES, "prove"},
	{"our proof played back", SLICE_INIT("v=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="), SCRAM_PROVES,
	 "prove"},
	{"a shorter one", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkF"), SCRAM_PROVES, "prove"},
	{"a longer one", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsKQA"), SCRAM_PROVES, "prove"},
	{"an empty one", SLICE_INIT("v="), SCRAM_PROVES, "follow"},
	{"no base64", SLICE_INIT("v=rmF9pqV8S7suAoZWja4dJRkFsK!="), SCRAM_PROVES, "follow"},
	{"nothing", SLICE_INIT(""), SCRAM_PROVES, "follow"},
	{"an empty error", SLICE_INIT("e="), SCRAM_PROVES, "follow"},
	{"the first message again", SLICE_INIT(FIRST), SCRAM_PROVES, "follow"},
};

static void prove(struct scram *s, struct secret **password)
{
	CLEANUP(secret_free) struct secret *final = NULL;
	begin(s, DIGEST_SHA1, SCRAM_CANNOT_BIND, "", NONCE);
	ck_assert_int_eq(secret_new(SLICE_LIT("pencil"), password), FAULT_NONE);
	ck_assert_int_eq(scram_take_first(s, slice_of_text(rows[0].hears), *password), FAULT_NONE);
	ck_assert_int_eq(scram_turn(s, *password), FAULT_NONE);
	ck_assert_int_eq(scram_say_final(s, SLICE_LIT("user"), &final), FAULT_NONE);
}

START_TEST(judges_the_final_message)
{
	CLEANUP(scram_deinit) struct scram s;
	CLEANUP(secret_free) struct secret *password = NULL;
	prove(&s, &password);
	enum fault f = scram_take_final(&s, finals[_i].message);
	ck_assert_msg(f == (finals[_i].why == NULL ? FAULT_NONE : FAULT_UPSTREAM_PROTOCOL), "%s",
		      finals[_i].name);
	ck_assert_msg(s.state == finals[_i].state, "%s", finals[_i].name);
	ck_assert_msg(finals[_i].why == NULL || says(&s, finals[_i].why), "%s: %s", finals[_i].name,
		      s.why);
}
END_TEST

START_TEST(final_message_comes_last)
{
	CLEANUP(scram_deinit) struct scram s;
	CLEANUP(secret_free) struct secret *password = NULL;
	struct slice proof = slice_of_text(rows[0].proof);
	begin(&s, DIGEST_SHA1, SCRAM_CANNOT_BIND, "", NONCE);
	ck_assert_int_eq(scram_take_final(&s, proof), FAULT_UPSTREAM_PROTOCOL);
	ck_assert_int_eq(secret_new(SLICE_LIT("pencil"), &password), FAULT_NONE);
	ck_assert_int_eq(scram_take_first(&s, slice_of_text(rows[0].hears), password), FAULT_NONE);
	ck_assert_int_eq(scram_take_final(&s, proof), FAULT_UPSTREAM_PROTOCOL);
	ck_assert_int_eq(scram_turn(&s, password), FAULT_NONE);
	ck_assert_int_eq(scram_take_final(&s, proof), FAULT_UPSTREAM_PROTOCOL);
}
END_TEST

static enum fault whole(struct scram *s, const struct secret *password)
{
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *final = NULL;
	enum fault f = scram_say_first(s, SLICE_LIT("user"), &first);
	if (f == FAULT_NONE) {
		f = scram_take_first(s, slice_of_text(rows[0].hears), password);
	}
	if (f == FAULT_NONE) {
		f = scram_turn(s, password);
	}
	if (f == FAULT_NONE) {
		f = scram_say_final(s, SLICE_LIT("user"), &final);
	}
	return f == FAULT_NONE ? scram_take_final(s, slice_of_text(rows[0].proof)) : f;
}

START_TEST(survives_no_memory)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	struct scram warm; /* OpenSSL sets itself up, once */
	prove(&warm, &password);
	scram_deinit(&warm);
	for (unsigned n = 1;; n++) {
		struct scram s;
		begin(&s, DIGEST_SHA1, SCRAM_CANNOT_BIND, "", NONCE);
		oom_arm(n);
		enum fault f = whole(&s, password);
		bool failed = oom_disarm();
		/* The library does without some of what it asks for. */
		ck_assert(f == FAULT_NONE || (failed && f == FAULT_NO_MEMORY));
		ck_assert(f != FAULT_NONE || s.state == SCRAM_SURE);
		scram_deinit(&s);
		if (!failed) {
			break;
		}
	}
}
END_TEST

START_TEST(keeps_nothing)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	static const struct scram empty;
	struct scram s;
	prove(&s, &password);
	scram_deinit(&s);
	ck_assert_mem_eq(&s, &empty, sizeof(s));
	scram_deinit(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp scram");
	TCase *t = tcase_create("scram");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, exchanges, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, judges_the_first_message, 0, COUNT_OF(firsts));
	tcase_add_test(t, first_message_has_a_limit);
	tcase_add_loop_test(t, judges_the_final_message, 0, COUNT_OF(finals));
	tcase_add_test(t, final_message_comes_last);
	tcase_add_test(t, survives_no_memory);
	tcase_add_test(t, keeps_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
