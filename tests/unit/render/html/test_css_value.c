#include "render/html/css_value.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* What is taken, and as what it goes out. */
static const struct {
	const char *text, *property, *value;
	bool important;
} taken[] = {
	{"color:red", "color", "#ff0000", false},
	{"COLOR : #ABC", "color", "#aabbcc", false},
	{"color: rgb(1, 2, 3)", "color", "#010203", false},
	{"color:inherit", "color", "inherit", false},
	{"background:#123456", "background-color", "#123456", false},
	{"background-color: white !important", "background-color", "#ffffff", true},
	{"font:bold 14px/20px \"Times New Roman\", serif", "font",
	 "bold 14px/20px 'Times New Roman', serif", false},
	{"font-family:Arial,\n\tHelvetica", "font-family", "Arial,  Helvetica", false},
	{"font-size:1.25em", "font-size", "1.25em", false},
	{"font-size:.9em", "font-size", ".9em", false},
	{"font-weight: 700 ! IMPORTANT", "font-weight", "700", true},
	{"line-height:150%", "line-height", "150%", false},
	{"letter-spacing:-0.5px", "letter-spacing", "-0.5px", false},
	{"border:1px solid #ccc", "border", "1px solid #ccc", false},
	{"border-bottom: 2px dotted rgb(1,2,3)", "border-bottom", "2px dotted rgb(1,2,3)", false},
	{"padding:4px 8px", "padding", "4px 8px", false},
	{"margin:0 auto", "margin", "0 auto", false},
	{"width:50%", "width", "50%", false},
	{"text-align:center", "text-align", "center", false},
};

START_TEST(take)
{
	struct arena a;
	struct css_declaration d;
	bool is_taken = false;
	arena_init(&a, 65536);
	ck_assert_int_eq(css_declaration_read(slice_of_text(taken[_i].text), &a, &d, &is_taken),
			 FAULT_NONE);
	ck_assert_msg(is_taken, "%s", taken[_i].text);
	ck_assert(slice_eq(css_property_name(d.property), slice_of_text(taken[_i].property)));
	ck_assert_msg(slice_eq(d.value, slice_of_text(taken[_i].value)), "%.*s", (int)d.value.len,
		      d.value.ptr);
	ck_assert_int_eq(d.important, taken[_i].important);
	arena_deinit(&a);
}
END_TEST

static const char *const refused[] = {
	"",
	"color",
	"color:",
	":red",
	"color:transparent",
	"color:expression(alert(1))",
	"color:var(--x)",
	"color:red;",
	"colour:red",
	"background:url(https://evil.example/x.png)",
	"background:red url(x)",
	"background:linear-gradient(red,blue)",
	"background-image:url(x)",
	"behavior:url(x.htc)",
	"-moz-binding:url(x)",
	"position:absolute",
	"position:fixed",
	"display:none",
	"float:left",
	"opacity:0",
	"visibility:hidden",
	"content:\"x\"",
	"font-family:url(x)",
	"font-family:\"a",
	"font-family:'a\"",
	"font-family:\"a<b\"",
	"font-family:\"a&quot;b\"",
	"font-family:a\\62 c",
	"font-family:\"x;y\"",
	"font-size:expression(1)",
	"font-size:calc(1px + 2px)",
	"font-size:1rem",
	"font-size:2vw",
	"font-size:12345px",
	"font-size:-1px",
	"font-size:1px;color:red",
	"font-size:1px}x{color:red",
	"font-size:1..5px",
	"font-size:initial",
	"margin:-10px",
	"padding:auto",
	"width:calc(100%)",
	"border:1px solid url(x)",
	"border:1px solid #12",
	"border:1px solid rgb(1,2",
	"border:1px solid rgba(1,2,3,0.5)",
	"text-align:center\"><script>",
	"text-align:</style>",
	"text-align:javascript:alert(1)",
	"--x:red",
	"color:red !ie",
	"color:red !important !important",
};

START_TEST(refuse)
{
	struct arena a;
	struct css_declaration d;
	bool is_taken = true;
	arena_init(&a, 65536);
	ck_assert_int_eq(css_declaration_read(slice_of_text(refused[_i]), &a, &d, &is_taken),
			 FAULT_NONE);
	ck_assert_msg(!is_taken, "%s", refused[_i]);
	arena_deinit(&a);
}
END_TEST

START_TEST(a_long_value)
{
	static char text[5 + CSS_VALUE_MAX + 2] = "font:";
	for (size_t len = CSS_VALUE_MAX; len <= CSS_VALUE_MAX + 1; len++) {
		struct arena a;
		struct css_declaration d;
		bool is_taken;
		arena_init(&a, 65536);
		memset(text + 5, 'x', len);
		ck_assert_int_eq(css_declaration_read(slice_of(text, 5 + len), &a, &d, &is_taken),
				 FAULT_NONE);
		ck_assert_int_eq(is_taken, len == CSS_VALUE_MAX);
		arena_deinit(&a);
	}
}
END_TEST

START_TEST(properties)
{
	for (int i = 0; i < CSS_PROPERTIES; i++) {
		ck_assert_uint_gt(css_property_name((enum css_property)i).len, 0);
	}
	ck_assert(slice_eq(css_property_name(CSS_COLOR), SLICE_LIT("color")));
	ck_assert(slice_eq(css_property_name(CSS_BACKGROUND), SLICE_LIT("background-color")));
	ck_assert(css_property_is_inherited(CSS_COLOR));
	ck_assert(!css_property_is_inherited(CSS_BACKGROUND));
	ck_assert_int_eq(css_property_where(CSS_COLOR), CSS_ANY);
}
END_TEST

START_TEST(no_memory)
{
	struct arena a;
	struct css_declaration d;
	bool is_taken;
	arena_init(&a, 65536);
	oom_arm(1);
	ck_assert_int_eq(css_declaration_read(SLICE_LIT("color:red"), &a, &d, &is_taken),
			 FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("css_value");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, take, 0, (int)COUNT_OF(taken));
	tcase_add_loop_test(t, refuse, 0, (int)COUNT_OF(refused));
	tcase_add_test(t, a_long_value);
	tcase_add_test(t, properties);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
