#include "config/keeper/prove.h"

#include "spool-free/lockdown/selfcheck.h"

bool prove_is_request(const struct wire_frame *in)
{
	enum { OPERATION_AT = 1 };
	struct slice bytes = secret_view(in->body);
	return bytes.len > OPERATION_AT && (unsigned char)bytes.ptr[OPERATION_AT] == WIRE_PROBE;
}

enum fault prove_answer(const struct wire_frame *in, struct secret **out_frame)
{
	struct wire_message request;
	struct wire_message answer = {0};
	struct selfcheck found;
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, SELFCHECK_TEXT_MAX);
	enum fault f = wire_frame_read(in, &request);
	if (f != FAULT_NONE) {
		return f;
	}
	if (request.count != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	f = selfcheck_run(request.fields[0], &found);
	f = f == FAULT_NONE ? selfcheck_write(&found, &text) : f;
	answer.code = wire_result_of(f == FAULT_BAD_FIELD ? FAULT_FORBIDDEN : f);
	if (f == FAULT_NONE) {
		answer.count = 1;
		answer.fields[0] = buf_view(&text);
	}
	return wire_write(&answer, WIRE_ANSWER_MAX, out_frame);
}
