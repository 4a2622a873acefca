#include "render/html/plain_writer.h"

enum { MARK_MAX = 24, LETTERS = 26 };

static uint64_t count_items(const struct node *n)
{
	uint64_t count = 0;
	for (const struct node *c = n->first; c != NULL; c = c->next) {
		count++;
	}
	return count;
}

static unsigned digits_of(uint64_t number)
{
	unsigned n = 1;
	for (; number >= 10; number /= 10) {
		n++;
	}
	return n;
}

static bool is_list(const struct node *n)
{
	return n->kind == NODE_BULLETS || n->kind == NODE_NUMBERS || n->kind == NODE_TASKS ||
	       n->kind == NODE_DECISIONS;
}

/* A list inside a list follows without an empty line. */
static bool is_nested(const struct node *n)
{
	return n->parent != NULL && (n->parent->kind == NODE_ITEM || n->parent->kind == NODE_TASK ||
				     n->parent->kind == NODE_DECISION || is_list(n->parent));
}

void plain_enter_list(struct plain *p, const struct node *n)
{
	flow_line_end(p->flow);
	p->joined = false;
	if (is_nested(n)) {
		flow_no_gap(p->flow);
	}
	if (n->parent != NULL && is_list(n->parent)) { /* it has no item of its own to stand in */
		flow_push(p->flow, SLICE_LIT("  "), SLICE_LIT("  "));
	}
	struct plain_list *l = arena_alloc(p->view->arena, sizeof(*l));
	if (l == NULL) {
		p->flow->fault = p->flow->fault != FAULT_NONE ? p->flow->fault : FAULT_NO_MEMORY;
		return;
	}
	l->outer = p->list;
	l->numbered = n->kind == NODE_NUMBERS;
	if (l->numbered) {
		l->number = n->of.numbers.start;
		l->digits = digits_of(l->number + count_items(n) - (n->first != NULL ? 1 : 0));
	}
	for (const struct plain_list *o = l->outer; o != NULL && l->numbered; o = o->outer) {
		if (o->numbered) {
			l->depth = o->depth + 1;
			break;
		}
	}
	static const char by_depth[] = "1ai";
	char own = l->numbered ? n->of.numbers.type : '\0';
	l->type = own != '\0' ? own : by_depth[l->depth % 3];
	p->list = l;
}

void plain_leave_list(struct plain *p, const struct node *n)
{
	if (p->list != NULL) {
		p->list = p->list->outer;
	}
	if (n->parent != NULL && is_list(n->parent)) {
		flow_pop(p->flow, false);
	}
	flow_gap(p->flow, is_nested(n) ? 0 : 1);
}

static size_t put_decimal(char *mark, uint64_t number, unsigned digits)
{
	unsigned own = digits_of(number);
	size_t n = 0;
	for (unsigned i = own; i < digits; i++) {
		mark[n++] = ' ';
	}
	for (unsigned i = own; i > 0; i--, number /= 10) {
		mark[n + i - 1] = (char)('0' + number % 10);
	}
	return n + own;
}

static size_t put_roman(char *mark, uint64_t number)
{
	static const struct {
		unsigned value;
		struct slice sign;
	} signs[] = {{50, SLICE_INIT("l")}, {40, SLICE_INIT("xl")}, {10, SLICE_INIT("x")},
		     {9, SLICE_INIT("ix")}, {5, SLICE_INIT("v")},   {4, SLICE_INIT("iv")},
		     {1, SLICE_INIT("i")}};
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		for (; number >= signs[i].value; number -= signs[i].value) {
			for (size_t k = 0; k < signs[i].sign.len; k++) {
				mark[n++] = signs[i].sign.ptr[k];
			}
		}
	}
	return n;
}

static void make_capital(char *mark, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		mark[i] = (char)(mark[i] >= 'a' && mark[i] <= 'z' ? mark[i] - 'a' + 'A' : mark[i]);
	}
}

/* As the HTML's type attribute: 1, a, i by depth; where letters end, numbers go on. */
static size_t put_mark(char mark[MARK_MAX], const struct plain_list *l)
{
	size_t n;
	bool letters = l->type == 'a' || l->type == 'A';
	bool roman = l->type == 'i' || l->type == 'I';
	if (letters && l->number >= 1 && l->number <= LETTERS) {
		mark[0] = (char)('a' + (l->number - 1));
		n = 1;
	} else if (roman && l->number >= 1 && l->number < 60) {
		n = put_roman(mark, l->number);
	} else {
		n = put_decimal(mark, l->number, l->digits);
	}
	if (l->type == 'A' || l->type == 'I') {
		make_capital(mark, n);
	}
	mark[n++] = '.';
	mark[n++] = ' ';
	return n;
}

void plain_enter_item(struct plain *p, const struct node *n)
{
	static const char blanks[MARK_MAX + 1] = "                        ";
	char mark[MARK_MAX] = "- ";
	size_t len = 2;
	(void)n;
	flow_line_end(p->flow);
	if (p->list != NULL && p->list->numbered) {
		len = put_mark(mark, p->list);
		p->list->number++;
	}
	flow_push(p->flow, slice_of(mark, len), slice_of(blanks, len));
}

void plain_leave_item(struct plain *p, const struct node *n)
{
	bool loose = n->first != NULL && n->first->kind == NODE_PARAGRAPH &&
		     (n->first->flags & NODE_TIGHT) == 0 && n->first->next != NULL;
	flow_pop(p->flow, true);
	if (!loose) {
		flow_no_gap(p->flow);
	}
}

void plain_enter_task(struct plain *p, const struct node *n)
{
	flow_line_end(p->flow);
	flow_push(p->flow, n->flags & NODE_DONE ? SLICE_LIT("[x] ") : SLICE_LIT("[ ] "),
		  SLICE_LIT("    "));
}

void plain_enter_decision(struct plain *p, const struct node *n)
{
	flow_line_end(p->flow);
	flow_push(p->flow, n->flags & NODE_DONE ? SLICE_LIT("=> ") : SLICE_LIT("?> "),
		  SLICE_LIT("   "));
}
