/*
 * NAME     zygote - takes requests for pictures and makes a process for each; sees none of their bytes
 * LIMITS   at most so many processes at once, each with its memory, processor time and time; past them it is killed
 * END      when the control socket ends
 */
#ifndef RELAY_PICTURES_CODEC_ZYGOTE_H
#define RELAY_PICTURES_CODEC_ZYGOTE_H

#include <stdbool.h>
#include <stdint.h>

struct zygote_params {
	uint64_t memory;  /* bytes */
	uint64_t time_ms; /* of a picture */
	uint64_t at_once;
	bool locks_memory; /* each process locks its own */
};

/* Returns the exit status: 0 when nobody asks any more. */
int zygote_run(int control_fd, const struct zygote_params *p);

#endif
