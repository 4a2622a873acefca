#include "relay/gateway/gateway.h"

#include "tests/support/check_main.h"

enum { LANES = 4, TENANTS = 400 };

START_TEST(test_a_tenant_stays_on_its_lane)
{
	struct lane lanes[LANES] = {0};
	struct gateway g = {.lanes = lanes, .lane_count = LANES};
	unsigned tenants[LANES] = {0};
	for (unsigned i = 0; i < TENANTS; i++) {
		char id[] = "tenant-000";
		id[7] = (char)('0' + i / 100);
		id[8] = (char)('0' + i / 10 % 10);
		id[9] = (char)('0' + i % 10);
		struct lane *l = gateway_lane_of(&g, slice_of_text(id));
		ck_assert_ptr_eq(l, gateway_lane_of(&g, slice_of_text(id)));
		tenants[l - lanes]++;
	}
	for (unsigned i = 0; i < LANES; i++) { /* a quarter each, roughly */
		ck_assert_uint_ge(tenants[i], TENANTS / LANES / 2);
		ck_assert_uint_le(tenants[i], TENANTS / LANES * 2);
	}
}
END_TEST

START_TEST(test_one_lane)
{
	struct lane lane = {0};
	struct gateway g = {.lanes = &lane, .lane_count = 1};
	ck_assert_ptr_eq(gateway_lane_of(&g, SLICE_LIT("acme")), &lane);
	ck_assert_ptr_eq(gateway_lane_of(&g, (struct slice){0}), &lane);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway");
	TCase *c = tcase_create("lanes");
	tcase_add_test(c, test_a_tenant_stays_on_its_lane);
	tcase_add_test(c, test_one_lane);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
