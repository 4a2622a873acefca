#include "relay/intake/spec.h"

#define NOTIFY_RULE                                                                                \
	"must be \"never\" or a list of \"success\", \"failure\" and \"delay\", each at most "     \
	"once."

static const struct {
	struct slice name;
	unsigned bit;
} events[] = {
	{SLICE_INIT("success"), NOTIFY_SUCCESS},
	{SLICE_INIT("failure"), NOTIFY_FAILURE},
	{SLICE_INIT("delay"), NOTIFY_DELAY},
};

static unsigned bit_of(struct json_token value)
{
	for (size_t i = 0; value.kind == JSON_STRING && i < COUNT_OF(events); i++) {
		if (slice_eq(value.text, events[i].name)) {
			return events[i].bit;
		}
	}
	return 0;
}

static enum fault take_notify(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	struct delivery_status *s = into;
	enum fault fault = FAULT_NONE;
	(void)f;
	if (value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("never"))) {
		s->notify = NOTIFY_NEVER;
		return FAULT_NONE;
	}
	if (value.kind != JSON_ARRAY) {
		return fields_wrong_type(r, value, NOTIFY_RULE);
	}
	fault = fields_array(r, value);
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		unsigned bit = bit_of(value);
		if (bit == 0 || (s->notify & bit) != 0) {
			return fields_wrong_type(r, value,
						 "must be \"success\", \"failure\" or \"delay\", "
						 "each at most once.");
		}
		s->notify |= bit;
	}
	return fault;
}

static enum fault take_return(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	struct delivery_status *s = into;
	bool headers = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("headers"));
	bool full = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("full"));
	(void)f;
	if (!headers && !full) {
		return fields_wrong_type(r, value, "must be \"headers\" or \"full\".");
	}
	s->returns = headers ? RETURN_HEADERS : RETURN_FULL;
	return FAULT_NONE;
}

/* RFC 3461. An empty list of events asks for nothing. */
enum fault spec_take_delivery_status(struct fields *r, const struct field *f,
				     struct json_token value, void *into)
{
	static const struct field rows[] = {
		{SLICE_INIT("notify"), take_notify, 0, 0},
		{SLICE_INIT("return"), take_return, 0, 0},
	};
	struct job *job = into;
	(void)f;
	return fields_object(r, value, rows, COUNT_OF(rows), &job->status);
}

static enum fault take_answer(struct fields *r, struct json_token value, bool *out)
{
	if (value.kind != JSON_TRUE && value.kind != JSON_FALSE) {
		return fields_wrong_type(r, value, "must be true or false.");
	}
	*out = value.kind == JSON_TRUE;
	return FAULT_NONE;
}

enum fault spec_take_require_tls(struct fields *r, const struct field *f UNUSED,
				 struct json_token value, void *into)
{
	return take_answer(r, value, &((struct job *)into)->require_tls);
}

enum fault spec_take_receipt(struct fields *r, const struct field *f UNUSED,
			     struct json_token value, void *into)
{
	return take_answer(r, value, &((struct job *)into)->wants_receipt);
}
