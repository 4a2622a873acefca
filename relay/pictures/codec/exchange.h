/*
 * NAME     exchange - one picture in the process made for it: takes the request, converts, answers
 * OWNS     nothing that outlives the process
 * LIMITS   wire.h; memory and time are the process's own
 */
#ifndef RELAY_PICTURES_CODEC_EXCHANGE_H
#define RELAY_PICTURES_CODEC_EXCHANGE_H

/* Returns the exit status: 0 when an answer went out. */
int exchange_run(int fd);

#endif
