#include "relay/smtp/node.h"

#include <stddef.h>

#include "tests/support/check_main.h"

START_TEST(rings_keep_their_order)
{
	struct smtp_node head, other, nodes[3];
	static const char names[] = "abc";
	smtp_node_init(&head, NULL);
	smtp_node_init(&other, NULL);
	ck_assert_ptr_null(smtp_node_first(&head));
	for (size_t i = 0; i < 3; i++) {
		smtp_node_init(&nodes[i], (void *)(uintptr_t)&names[i]);
		smtp_node_put_last(&head, &nodes[i]);
	}
	ck_assert_ptr_eq(smtp_node_first(&head), &names[0]);
	smtp_node_put_first(&head, &nodes[2]);
	ck_assert_ptr_eq(smtp_node_first(&head), &names[2]);
	smtp_node_put_last(&other, &nodes[2]); /* leaves the first ring */
	ck_assert_ptr_eq(smtp_node_first(&head), &names[0]);
	ck_assert_ptr_eq(smtp_node_first(&other), &names[2]);
	smtp_node_leave(&nodes[0]);
	smtp_node_leave(&nodes[0]);
	ck_assert_ptr_eq(smtp_node_first(&head), &names[1]);
	smtp_node_leave(&nodes[1]);
	smtp_node_leave(&nodes[2]);
	ck_assert_ptr_null(smtp_node_first(&head));
	ck_assert_ptr_null(smtp_node_first(&other));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp node");
	TCase *t = tcase_create("node");
	tcase_add_test(t, rings_keep_their_order);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
