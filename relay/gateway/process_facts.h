/*
 * NAME     process_facts - what this process takes of the machine
 * ORDER    opened before the confinement, which lets nobody open anything below /proc; read at any time
 * SEE      proc(5): statm; poll(2): POLLNVAL; getrusage(2)
 * LIMIT    descriptors past a million are not counted
 * FAULTS   none: what cannot be read is 0
 * THREADS  one at a time
 */
#ifndef RELAY_GATEWAY_PROCESS_FACTS_H
#define RELAY_GATEWAY_PROCESS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

/* All-zero is a valid one that knows little. */
struct process_facts_source {
	bool is_open;
	int statm;
};

struct process_facts {
	uint64_t cpu_us;
	uint64_t resident; /* bytes */
	uint64_t fds, fds_most;
};

void process_facts_open(struct process_facts_source *s);
void process_facts_close(struct process_facts_source *s); /* may be called twice */
struct process_facts process_facts_read(struct process_facts_source *s);

#endif
