/*
 * NAME     wire - what the gateway and the program that converts pictures say to each other
 * FORM     over the control socket goes one byte with a descriptor, the end of a pair made for one picture. Over that
 *          pair: a request, its bytes; then an answer, its bytes; then its end. Numbers as this machine has them
 */
#ifndef RELAY_PICTURES_WIRE_H
#define RELAY_PICTURES_WIRE_H

#include <stdint.h>

enum {
	PICTURES_REQUEST = 0x31515050, /* "PPQ1" */
	PICTURES_ANSWER = 0x31415050,  /* "PPA1" */
	PICTURES_SOURCE_MAX = 25 * 1024 * 1024,
	PICTURES_RESULT_MAX = 8 * 1024 * 1024,
	PICTURES_AT_ONCE_MAX = 16,
	PICTURES_CONTROL_FD = 3, /* in the program */
};

enum pictures_verdict { PICTURES_DONE, PICTURES_BAD, PICTURES_TOO_LARGE };

struct pictures_request {
	uint32_t magic;
	uint32_t longest_side; /* px; 0: as it is */
	uint32_t most;	       /* bytes of the result */
	uint32_t len;	       /* bytes that follow */
};

struct pictures_answer {
	uint32_t magic;
	uint32_t verdict;
	uint32_t unused;
	uint32_t len;
};

#endif
