#include "relay/intake/crowd.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/support/check_main.h"

static struct address address(const char *text)
{
	struct address a = {0};
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		memcpy(&a.sockaddr, &four, sizeof(four));
		a.len = sizeof(four);
	} else {
		ck_assert_int_eq(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
		memcpy(&a.sockaddr, &six, sizeof(six));
		a.len = sizeof(six);
	}
	return a;
}

static const struct {
	const char *one;
	const char *other;
	bool same;
} rows[] = {
	{"192.0.2.1", "192.0.2.1", true},
	{"192.0.2.1", "192.0.2.2", false},
	{"192.0.2.1", "::ffff:192.0.2.1", true},
	{"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
	{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
	{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
	{"192.0.2.1", "2001:db8::192.0.2.1", false},
};

START_TEST(counts_addresses)
{
	struct crowd crowd = {0};
	struct crowd_member a = {0}, b = {0};
	struct address one = address(rows[_i].one);
	struct address other = address(rows[_i].other);
	ck_assert(crowd_enter(&crowd, &a, &one, 1));
	ck_assert_int_eq(crowd_enter(&crowd, &b, &other, 1), !rows[_i].same);
	crowd_leave(&a);
	crowd_leave(&a);
	crowd_leave(&b);
	ck_assert(crowd_enter(&crowd, &b, &one, 1));
}
END_TEST

/* More addresses than buckets, entering and leaving in different orders. */
START_TEST(keeps_count_in_a_large_crowd)
{
	enum { MANY = 3 * CROWD_BUCKETS, EACH = 3 };
	static struct crowd_member members[MANY * EACH];
	static struct crowd crowd;
	struct crowd_member spare = {0};
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < MANY * EACH; i++) {
			struct address who = address("10.0.0.0");
			struct sockaddr_in four;
			memcpy(&four, &who.sockaddr, sizeof(four));
			four.sin_addr.s_addr = htonl(0x0a000000 + (uint32_t)(i / EACH));
			memcpy(&who.sockaddr, &four, sizeof(four));
			ck_assert(crowd_enter(&crowd, &members[i], &who, EACH));
			if (i % EACH == EACH - 1) {
				ck_assert(!crowd_enter(&crowd, &spare, &who, EACH));
			}
		}
		for (size_t i = 0; i < MANY * EACH; i++) {
			crowd_leave(&members[(i * 7 + (size_t)round) % (MANY * EACH)]);
		}
	}
	for (size_t i = 0; i < CROWD_BUCKETS; i++) {
		ck_assert_ptr_null(crowd.buckets[i]);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/crowd");
	TCase *t = tcase_create("crowd");
	tcase_add_loop_test(t, counts_addresses, 0, COUNT_OF(rows));
	tcase_add_test(t, keeps_count_in_a_large_crowd);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
