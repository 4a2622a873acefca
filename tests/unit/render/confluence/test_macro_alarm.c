#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"from the job",
	 "<p><ac:structured-macro ac:name='confluops' ac:local-id='l-alarm'><ac:parameter "
	 "ac:name='alarmName'>CPU</ac:parameter></ac:structured-macro></p>",
	 "p{'CPU: 'status(red;ALARM)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"from the job, as html",
	 "<p><ac:structured-macro ac:name='confluops' ac:local-id='l-ok'><ac:parameter "
	 "ac:name='alarmName'>CPU</ac:parameter></ac:structured-macro></p>",
	 "p{'CPU: 'status(green;OK)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"the job has nothing",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='alarmName'>CPU</ac:parameter></ac:structured-macro></p>",
	 "p{'CPU: 'status(neutral;state unknown at send time)' – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"content without a state",
	 "<p><ac:structured-macro ac:name='confluops' "
	 "ac:local-id='l-text'></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"a state with its time in the page",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='state'>INSUFFICIENT_DATA</ac:parameter><ac:parameter "
	 "ac:name='timestamp'>2026-11-22T04:40:59.123+02:00</ac:parameter></ac:structured-macro></"
	 "p>",
	 "p{'Alarm: 'status(yellow;INSUFFICIENT_DATA)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"a state without its time in the page",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='state'>OK</ac:parameter></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"another word",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='state'>FINE</ac:parameter><ac:parameter "
	 "ac:name='timestamp'>2026-11-22T02:40Z</ac:parameter></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"a time of nowhere",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='state'>OK</ac:parameter><ac:parameter "
	 "ac:name='timestamp'>2026-11-22T02:40</ac:parameter></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"a time that is none",
	 "<p><ac:structured-macro ac:name='confluops'><ac:parameter "
	 "ac:name='state'>OK</ac:parameter><ac:parameter "
	 "ac:name='timestamp'>2026-13-22T02:40Z</ac:parameter></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"contradiction",
	 "<p><ac:structured-macro ac:name='confluops' "
	 "ac:local-id='l-both'></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"a word in a word",
	 "<p><ac:structured-macro ac:name='confluops' "
	 "ac:local-id='l-word'></ac:structured-macro></p>",
	 "p{'Alarm: 'status(neutral;state unknown at send time)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"as adf",
	 "<p><ac:structured-macro ac:name='confluops' "
	 "ac:local-id='l-alarm-adf'></ac:structured-macro></p>",
	 "p{'Alarm: 'status(red;ALARM)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
	{"of the new editor",
	 "<ac:adf-extension><ac:adf-node type='extension'><ac:adf-attribute "
	 "key='extension-key'>a/b/static/ConfluOps-badge</ac:adf-attribute><ac:adf-attribute "
	 "key='local-id'>l-alarm</ac:adf-attribute><ac:adf-attribute "
	 "key='parameters'><ac:adf-parameter key='guest-params'><ac:adf-parameter "
	 "key='alarm-name'>Disk</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></"
	 "ac:adf-node></ac:adf-extension>",
	 "p{'Disk: 'status(red;ALARM)' 2026-11-22 02:40 UTC – "
	 "'link(https://x.example/wiki/pages/viewpage.action?pageId=42){'open page for live "
	 "status'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_alarm");
	TCase *t = tcase_create("macro_alarm");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
