/*
 * NAME     sink_talk - a whole dialogue with the sink's engine, in chunks of any size
 * INPUT    what the client says; "<TLS>" stands where the handshake is, and begins the next piece
 */
#ifndef TESTS_SUPPORT_SINK_TALK_H
#define TESTS_SUPPORT_SINK_TALK_H

#include "relay/smtp/sink_session.h"

struct sink_talk {
	struct sink_policy policy; /* the test's to change before it talks */
	size_t room;
	struct secret *password;
	struct buf output; /* everything that was answered */
	struct buf taken;  /* of each message: sender|recipients|size|content, then a line end */
	unsigned count;	   /* of messages */
	enum sink_want want;
	enum fault fault; /* of feeding */
};

/* A policy with the user "user" and the password "pass word". */
void sink_talk_init(struct sink_talk *t);
void sink_talk_deinit(struct sink_talk *t);
/* FAULT_NONE, or what starting the session ended with. */
enum fault sink_talk(struct sink_talk *t, bool is_tls, struct slice input, size_t chunk);
/* The codes of the replies, each with a blank before it: " 220 250". At most `size` bytes with a NUL. */
void sink_talk_codes(const struct sink_talk *t, char *out, size_t size);

#endif
