/*
 * NAME     wire - the keeper's protocol: one request, one answer, in order, over a stream
 * FRAME    length 4 (of what follows, big-endian), version 1, then
 *          request  operation 1, count 1, count times (length 2, bytes)
 *          answer   result 1, count 1, count times (length 2, bytes); of a refusal, none or one: a sentence
 * ENGINE   no socket, no clock. A frame's bytes are a secret, since an answer may hold a password
 * LIMIT    WIRE_REQUEST_MAX, WIRE_ANSWER_MAX bytes a frame, WIRE_FIELDS_MAX fields
 * FAULTS   KEEPER_PROTOCOL for any other bytes; NO_MEMORY
 * THREADS  one owner at a time
 */
#ifndef CONFIG_KEEPER_WIRE_H
#define CONFIG_KEEPER_WIRE_H

#include "spool-free/base/secret.h"
#include "spool-free/base/slice.h"
#include "spool-free/job/server.h"

enum {
	WIRE_VERSION = 4,
	WIRE_HEAD = 4,
	WIRE_REQUEST_MAX = 60 * 1024,
	WIRE_ANSWER_MAX = 96 * 1024,
	WIRE_FIELDS_MAX = 220,
	WIRE_NUMBER = 4,
};

/* Requests -> answers. `hash` is a token's SHA-256, `half` a tenant's half of the key or empty. */
enum wire_operation {
	WIRE_PING = 1,	      /* -> generation */
	WIRE_FIND_CALLER = 2, /* hash -> tenant, enum wire_caller_flag */
	WIRE_GET_TENANT = 3,  /* tenant, space -> enum wire_tenant_field */
	WIRE_OPEN_JOB =
		5, /* hash, half, tenant, server, space -> the tenant's fields, then the server's */
	/* Of an admin's token. Values have a byte before them: enum keeper_type. */
	WIRE_GET_RECORD = 6,   /* hash, half, kind, name -> version, then key, value ... */
	WIRE_LIST_RECORDS = 7, /* hash, half, kind -> names */
	WIRE_PUT_RECORD =
		8, /* hash, half, kind, name, condition, then key, value ... -> version, is new */
	WIRE_REMOVE_RECORD = 9, /* hash, half, kind, name, condition -> */
	WIRE_TELL_EVENT = 10,	/* hash, event -> */
	WIRE_SHRED_TENANT = 11, /* hash -> */
	WIRE_CHANGE_HALF = 12,	/* hash, half, change, fresh half -> */
	/* Of the house's own keys, which are made when one is first asked for. */
	WIRE_TAG_KEY = 13,	/* day, WIRE_NUMBER bytes, since 1970 -> its key */
	WIRE_SIGN_RECEIPT = 14, /* claim -> compact JWS; nothing but a receipt's claim is signed */
	WIRE_RECEIPT_KEY = 15,	/* -> public keys: the one that signs, then those of before */
	WIRE_PROBE = 16,	/* a folder of its own -> the text of a self-check */
};

/* 1 byte: what a caller may, and how its tenant is. */
enum wire_caller_flag { WIRE_MAY_SEND = 1, WIRE_MAY_ADMINISTER = 2, WIRE_IS_UNINSTALLED = 4 };

/* 1 byte kind, then WIRE_NUMBER bytes version. */
enum { WIRE_CONDITION_LEN = 1 + WIRE_NUMBER };

/* Of one policy; twice among a tenant's fields. */
enum wire_policy_field {
	WIRE_POLICY_WORDS, /* 1 byte each: enforce, from, job_accounts, external_images, operator_server */
	WIRE_POLICY_LIMITS, /* recipients, attachments, attachment_bytes; each 1 more than it is, or 0 */
	WIRE_POLICY_GROUPS,
	WIRE_POLICY_SPACES,
	WIRE_POLICY_DOMAINS,
	WIRE_POLICY_SENDERS,
	WIRE_POLICY_HOSTS,
	WIRE_POLICY_FIELDS
};

enum { WIRE_POLICY_WORDS_LEN = 5, WIRE_POLICY_LIMITS_LEN = 3 * WIRE_NUMBER };

enum wire_tenant_field {
	WIRE_SUBJECT_PREFIX,
	WIRE_TENANT_FROM_ADDRESS,
	WIRE_TENANT_FROM_NAME,
	WIRE_BUTTON_LABEL,
	WIRE_HEADER_TEXT,
	WIRE_CSS,
	WIRE_TENANT_NUMBERS, /* image_side, attached, always_from (0 or 1), operator_server (enum policy_word) */
	WIRE_TENANT_POLICY,
	WIRE_SPACE_POLICY = WIRE_TENANT_POLICY + WIRE_POLICY_FIELDS,
	WIRE_TENANT_FIELDS = WIRE_SPACE_POLICY + WIRE_POLICY_FIELDS
};

enum { WIRE_TENANT_NUMBERS_LEN = 4 * WIRE_NUMBER };

enum wire_server_field {
	WIRE_NAME,
	WIRE_HOST,
	WIRE_PORT, /* 2 bytes, big-endian */
	WIRE_TLS,  /* 1 byte: enum tls_mode */
	WIRE_USERNAME,
	WIRE_HAS_PASSWORD, /* 1 byte: 0 or 1, since an empty password is one */
	WIRE_PASSWORD,
	WIRE_CA_PEM,
	WIRE_FROM_ADDRESS,
	WIRE_FROM_NAME,
	WIRE_RETURN_PATH,
	WIRE_IS_OPERATORS, /* 1 byte: 0 or 1 */
	WIRE_OAUTH_FLOW,   /* 1 byte: enum oauth_flow */
	WIRE_OAUTH_TOKEN_URL,
	WIRE_OAUTH_CLIENT_ID,
	WIRE_OAUTH_KEY_ID,
	WIRE_OAUTH_SCOPE,
	WIRE_OAUTH_SECRET,  /* empty: none */
	WIRE_OAUTH_REFRESH, /* empty: none */
	WIRE_PINS,	    /* none to SERVER_PINS_MAX times SERVER_PIN bytes */
	WIRE_PROFILE,
	WIRE_LIMITS, /* 4 times 4 bytes, big-endian, in the order of struct server_limits */
	WIRE_DKIM,   /* SERVER_DKIM_MAX times domain, selector, key; all empty: none */
	WIRE_SERVER_FIELDS = WIRE_DKIM + 3 * SERVER_DKIM_MAX
};

enum { WIRE_LIMITS_LEN = 4 * WIRE_NUMBER };

_Static_assert(WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS <= WIRE_FIELDS_MAX,
	       "a job's answer has all of them");

/* Numbers that need no alignment and no byte order of the machine. */
void wire_put_number(unsigned char *at, uint64_t number, size_t width);
uint64_t wire_get_number(struct slice bytes); /* of its width; at most 8 bytes */

/* A request or an answer as read: `code` is the operation or the result. */
struct wire_message {
	uint8_t code;
	size_t count;
	struct slice fields[WIRE_FIELDS_MAX];
};

/* What a keeper may answer, by number; a fault it does not know is INTERNAL. */
uint8_t wire_result_of(enum fault f);
MUST_USE enum fault wire_result_fault(uint8_t result); /* KEEPER_PROTOCOL for an unknown number */

/* The whole frame. */
MUST_USE enum fault wire_write(const struct wire_message *m, size_t limit,
			       struct secret **out_frame);

/* Gathers one frame from a stream. */
struct wire_frame {
	size_t limit;
	unsigned char head[WIRE_HEAD];
	size_t head_len;
	struct secret *body;
	char *room;
	size_t room_len;
	size_t body_len;
};

void wire_frame_init(struct wire_frame *w, size_t limit);
void wire_frame_deinit(struct wire_frame *w); /* ready for the next frame */
/* Takes what belongs to this frame off the front of `bytes`. */
MUST_USE enum fault wire_frame_feed(struct wire_frame *w, struct slice *bytes);
bool wire_frame_is_whole(const struct wire_frame *w);

/* Of a whole frame; the fields point into it. */
MUST_USE enum fault wire_frame_read(const struct wire_frame *w, struct wire_message *out_message);

#endif
