#include "relay/net/libcurl.h"

#include <string.h>

#include <curl/curl.h>

#include "tests/support/check_main.h"
#include "tests/support/remains.h"

enum { LEN = 300, SEED = 9 };

/* A form that libcurl copied, and a header. */
START_TEST(what_libcurl_frees_is_wiped)
{
	char text[LEN + 1] = "";
	ck_assert_uint_eq(libcurl_start(), FAULT_NONE);
	ck_assert_uint_eq(libcurl_start(), FAULT_NONE); /* again, by another user of it */
	CURL *curl = curl_easy_init();
	ck_assert_ptr_nonnull(curl);
	remains_write(text, LEN, SEED);
	ck_assert_uint_eq(curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, text), CURLE_OK);
	struct curl_slist *headers = curl_slist_append(NULL, text);
	ck_assert_ptr_nonnull(headers);
	explicit_bzero(text, LEN);
	ck_assert(remains_are_there(LEN, SEED)); /* else the search below says nothing */
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	ck_assert(!remains_are_there(LEN, SEED));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/libcurl");
	TCase *t = tcase_create("libcurl");
	tcase_add_test(t, what_libcurl_frees_is_wiped);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
