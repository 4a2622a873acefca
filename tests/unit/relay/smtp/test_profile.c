#include "relay/smtp/profile.h"

#include "tests/support/check_main.h"

static const struct {
	const char *name, *host, *found;
} rows[] = {
	{"", "smtp.ionos.de", "ionos"},
	{"", "smtp.ionos.com", "ionos"},
	{"", "SMTP.IONOS.CO.UK", "ionos"},
	{"", "smtp.ionos.de.", "ionos"},
	{"", "ionos.de", "ionos"},
	{"", "mrelayeu.kundenserver.de", "ionos"},
	{"", "smtp.1und1.de", "ionos"},
	{"", "smtp.office365.com", "exchange-online"},
	{"", "outlook.office365.com", "exchange-online"},
	{"", "smtp-mail.outlook.com", "exchange-online"},
	{"", "smtp.gmail.com", "google"},
	{"", "smtp-relay.gmail.com", "google-relay"},
	{"", "email-smtp.eu-central-1.amazonaws.com", "ses"},
	{"", "mail.example.com", "generic"},
	{"", "", "generic"},
	{"", ".", "generic"},
	{"", "xionos.de", "generic"},
	{"", "ionos.de.example.com", "generic"},
	{"", "ionos", "generic"},
	{"", "de", "generic"},
	{"", "gmail.com", "generic"},
	{"", "smtp.gmail.com.evil.example", "generic"},
	{"", "ionos.com ionos.de", "generic"},
	{"ses", "smtp.ionos.de", "ses"},
	{"SES", "smtp.ionos.de", "ses"},
	{"generic", "smtp.ionos.de", "generic"},
	{"ionos", "mail.example.com", "ionos"},
	{"no such one", "smtp.ionos.de", "ionos"},
	{"no such one", "mail.example.com", "generic"},
	{"ion", "mail.example.com", "generic"},
};

START_TEST(finds)
{
	const struct smtp_profile *p = smtp_profile_find(slice_of_text(rows[_i].name),
							 slice_of_text(rows[_i].host));
	ck_assert_msg(slice_eq(p->name, slice_of_text(rows[_i].found)), "%s %s: %s", rows[_i].name,
		      rows[_i].host, p->name.ptr);
}
END_TEST

/* What the record of the account says, and nothing else, takes the place of the row's. */
static const struct {
	struct smtp_pacing own;
	unsigned connections, per_minute, per_hour, recipients;
} records[] = {
	{{.connections = 0}, 3, 30, 0, 500},
	{{.connections = 2}, 2, 30, 0, 500},
	{{.connections = 20}, 20, 30, 0, 500},
	{{.per_minute = 60}, 3, 60, 0, 500},
	{{.per_hour = 7}, 3, 30, 7, 500},
	{{.recipients_per_mail = 1000}, 3, 30, 0, 1000},
	{{.profile = SLICE_INIT("ionos")}, 0, 0, 500, 200},
	{{.profile = SLICE_INIT("ionos"), .per_hour = 50}, 0, 0, 50, 200},
	{{.connections = 1, .per_minute = 2, .per_hour = 3, .recipients_per_mail = 4}, 1, 2, 3, 4},
};

START_TEST(takes_the_record)
{
	const struct smtp_upstream u = {.host = SLICE_LIT("smtp.office365.com"),
					.pacing = records[_i].own};
	const struct smtp_profile p = smtp_profile_of(&u);
	ck_assert_uint_eq(p.connections, records[_i].connections);
	ck_assert_uint_eq(p.per_minute, records[_i].per_minute);
	ck_assert_uint_eq(p.per_hour, records[_i].per_hour);
	ck_assert_uint_eq(p.recipients_per_mail, records[_i].recipients);
}
END_TEST

START_TEST(counts)
{
	const struct smtp_profile *ionos = smtp_profile_find(SLICE_LIT("ionos"), SLICE_LIT(""));
	const struct smtp_profile *other = smtp_profile_find(SLICE_LIT("generic"), SLICE_LIT(""));
	ck_assert(ionos->counts_recipients && !other->counts_recipients);
	ck_assert_uint_eq(other->recipients_per_mail, 100);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp profile");
	TCase *t = tcase_create("profile");
	tcase_add_loop_test(t, finds, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, takes_the_record, 0, COUNT_OF(records));
	tcase_add_test(t, counts);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
