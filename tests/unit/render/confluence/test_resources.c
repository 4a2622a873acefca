#include "render/confluence/elements.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"link", "<p><a href='https://a.example/x?y=1&amp;z=2' title='T'>a</a></p>",
	 "p{link(https://a.example/x?y=1&z=2;title=T;){'a'}}"},
	{"link around blocks", "<a href='https://a.example'><p>a</p><p>b</p></a>",
	 "p{link(https://a.example){'a'}}p{link(https://a.example){'b'}}"},
	{"link in a link",
	 "<p><a href='https://a.example'>a<a href='https://b.example'>b</a>c</a>"
	 "</p>",
	 "p{link(https://a.example){'a'}link(https://b.example){'b'}"
	 "link(https://a.example){'c'}}"},
	{"blanks at its ends", "<p>x<a href='https://a.example'> a </a>y</p>",
	 "p{'x 'link(https://a.example){'a'}' y'}"},
	{"scripts do not leave",
	 "<p><a href='javascript:alert(1)'>a</a>"
	 "<a href='java&#10;script:x'>b</a><a href='data:text/html,x'>c</a>"
	 "<a href=' vbscript:x'>d</a></p>",
	 "p{'abcd'}"},
	{"without an address", "<p><a>a</a><a href=''>b</a></p>", "p{'ab'}"},
	{"relative",
	 "<p><a href='/display/A/B'>a</a><a href='/wiki/c'>b</a>"
	 "<a href='c d'>c</a></p>",
	 "p{link(https://x.example/wiki/display/A/B){'a'}"
	 "link(https://x.example/wiki/c){'b'}"
	 "link(https://x.example/wiki/c%20d){'c'}}"},
	{"card",
	 "<p><a href='https://a.example' data-card-appearance='block'>Title</a>"
	 "</p>",
	 "card(label=Title;href=https://a.example;link;)"},
	{"card in the line",
	 "<p>see <a href='https://a.example' data-card-appearance='embed'>T</a>"
	 "</p>",
	 "p{'see 'card_inline(label=T;href=https://a.example;link;)}"},
	{"name of a place", "<p><a name='here'/>a</p><p><a href='#here'>b</a></p>",
	 "p{anchor(here)'a'}p{link(#here){'b'}}"},
	{"page", "<ac:link><ri:page ri:content-title='A &amp; B'/></ac:link>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=A%20%"
	 "26%20B){'A & B'}}"},
	{"page of another space",
	 "<p><ac:link ac:anchor='x y' ac:tooltip='tip'>"
	 "<ri:page ri:space-key='ABC' ri:content-title='T'/>"
	 "<ac:link-body>a <b>b</b></ac:link-body></ac:link></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=ABC&title=T#x%2"
	 "0y;title=tip;){'a 'b:'b'}}"},
	{"words of a page link",
	 "<p><ac:link><ri:page ri:content-title='T'/><ac:plain-text-link-body>"
	 "<![CDATA[a <b>]]></ac:plain-text-link-body></ac:link></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T){'a"
	 " <b>'}}"},
	{"blog post",
	 "<p><ac:link>"
	 "<ri:blog-post ri:content-title='T' ri:posting-day='2024/05/17'/>"
	 "</ac:link></p>",
	 "p{link(https://x.example/wiki/display/DOC/2024/05/17/T){'T'}}"},
	{"blog post without a day",
	 "<p><ac:link><ri:blog-post ri:content-title='T'/></ac:link></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T){'T"
	 "'}}"},
	{"file", "<p>x <ac:link><ri:attachment ri:filename='plan.pdf'/></ac:link></p>",
	 "p{'x 'file_inline(plan.pdf;href=https://x.example/wiki/download/attachments/"
	 "42/plan.pdf;)}"},
	{"file alone", "<p><ac:link><ri:attachment ri:filename='plan.pdf'/></ac:link></p>",
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"words of a file",
	 "<p><ac:link><ri:attachment ri:filename='plan.pdf'/>"
	 "<ac:link-body>a</ac:link-body></ac:link></p>",
	 "p{link(https://x.example/wiki/download/attachments/42/plan.pdf){'a'}"
	 "file_inline(sent;plan.pdf)}"},
	{"file of another page",
	 "<p><ac:link><ri:attachment ri:filename='p.pdf'>"
	 "<ri:page ri:content-title='T'/></ri:attachment>"
	 "<ac:link-body>a</ac:link-body></ac:link></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T){'a"
	 "'}}"},
	{"people",
	 "<p><ac:link><ri:user ri:account-id='u1'/></ac:link> <ac:link>"
	 "<ri:user ri:account-id='u2'/></ac:link></p>",
	 "p{mention(Ann)' 'mention(user)}"},
	{"space, content, address, shortcut",
	 "<p><ac:link><ri:space ri:space-key='ABC'/></ac:link> <ac:link>"
	 "<ri:content-entity ri:content-id='7'/></ac:link> <ac:link>"
	 "<ri:url ri:value='https://a.example'/></ac:link> <ac:link>"
	 "<ri:shortcut ri:key='k' ri:parameter='p'/></ac:link></p>",
	 "p{link(https://x.example/wiki/display/ABC){'ABC'}' 'link(https://x.example/w"
	 "iki/spaces/DOC/pages/7/Known){'Known page'}' 'link(https://a.example){'https"
	 "://a.example'}' k@p'}"},
	{"link to nothing", "<p>a<ac:link/>b<ac:link><ac:link-body>c</ac:link-body></ac:link></p>",
	 "p{'abc'}"},
	{"own place", "<p><ac:link ac:anchor='My Part'/></p><h1>My Part</h1>",
	 "p{link(#My-Part){'My Part'}}heading(1;id=My-Part;){'My Part'}"},
	{"reference alone", "<p>a<ri:page ri:content-title='T'/></p>", "p{'a'}"},
	{"picture",
	 "<p><ac:image ac:width='200' ac:alt='A'>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image></p>",
	 "picture(file=0;alt=A;w=200;){}"},
	{"picture in the line",
	 "<p>a <ac:image><ri:attachment ri:filename='pic.png'/></ac:image></p>",
	 "p{'a 'image(file=0;alt=pic.png;)}"},
	{"picture that stays in the line",
	 "<p><ac:image ac:inline='true'><ri:attachment ri:filename='pic.png'/>"
	 "</ac:image></p>",
	 "p{image(file=0;alt=pic.png;inline;)}"},
	{"picture in a link",
	 "<p><a href='https://a.example'><ac:image>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image></a></p>",
	 "picture(file=0;alt=pic.png;href=https://a.example;){}"},
	{"names are exact", "<ac:image><ri:attachment ri:filename='Pic.png'/></ac:image>",
	 "picture(alt=Pic.png;){}"},
	{"picture from elsewhere",
	 "<ac:image ac:align='right' ac:thumbnail='true' ac:border='true'>"
	 "<ri:url ri:value='https://a.example/p.png'/></ac:image>",
	 "picture(end;thumb;url=https://a.example/p.png;alt=p.png;border=1;){}"},
	{"picture from nowhere",
	 "<p>a<ac:image><ri:url ri:value='javascript:x'/></ac:image>"
	 "<img src='data:image/png;base64,AA' alt='b'/></p>",
	 "p{'a'imageimage(alt=b;)}"},
	{"caption",
	 "<ac:image><ri:attachment ri:filename='pic.png'/><ac:caption>"
	 "<p>a <b>b</b></p></ac:caption></ac:image>",
	 "picture(file=0;alt=pic.png;){caption{'a 'b:'b'}}"},
	{"caption without a picture", "<ac:caption>a</ac:caption>", "p{'a'}"},
	{"border by mark",
	 "<ac:image><ac:adf-mark key='border' size='2' color='#091e42'/>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image>",
	 "picture(file=0;alt=pic.png;border=2;){}"},
	{"img", "<p><img src='https://a.example/p.png' width='50%' height='7'/></p>",
	 "picture(url=https://a.example/p.png;h=7;percent=50;){}"},
	{"emoticons",
	 "<p><ac:emoticon ac:name='tick'/>"
	 "<ac:emoticon ac:name='blue-star' ac:emoji-id='1f680'/>"
	 "<ac:emoticon ac:name='blue-star' ac:emoji-id='0b6c-x' ac:emoji-fallback=':lo"
	 "go:' ac:emoji-shortname=':logo:'/><ac:emoticon ac:name='zzz'/>"
	 "<ac:emoticon/><ac:hipchat-emoticon ac:shortcut='yey'/></p>",
	 "p{emoji(✅)emoji(🚀)emoji(:logo:)emoji(:zzz:)emoji(:yey:)}"},
	{"variables",
	 "<p><at:declarations><at:string at:name='x'/></at:declarations>"
	 "<at:var at:name='owner'/> <at:i18n at:key='k'/></p>",
	 "p{'‹owner› k'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("resources");
	TCase *t = tcase_create("resources");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
