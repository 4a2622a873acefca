/*
 * NAME     value - sizes, times, names and ranges as people write them in a settings file; pure
 */
#ifndef CONFIG_SETTINGS_VALUE_H
#define CONFIG_SETTINGS_VALUE_H

#include "spool-free/base/problem.h"
#include "spool-free/base/slice.h"

bool settings_parse_size(struct slice text, uint64_t *out_bytes); /* "50 MiB", "4KiB", "17 B" */
bool settings_parse_duration(struct slice text,
			     uint64_t *out_ms); /* "20 s", "500ms", "15 min", "1 h", "35 d" */
void settings_add_size(struct problem *sentence, uint64_t bytes);  /* 52428800 -> 50 MiB */
void settings_add_duration(struct problem *sentence, uint64_t ms); /* 900000 -> 15 min */

bool settings_is_address(struct slice text);  /* IPv4 or IPv6 */
bool settings_is_loopback(struct slice text); /* an address that this machine alone reaches */
bool settings_is_range(struct slice text);    /* address/bits, no bit set behind them */
bool settings_is_host(
	struct slice text); /* RFC 1123 2.1: letters, digits, hyphens; 63 a label, 253 in all */
bool settings_is_domain(struct slice text); /* a host name with a dot in it; may begin with a dot */
bool settings_is_user(struct slice text);   /* useradd(8): small letters, digits, - and _ */
bool settings_is_path(struct slice text);   /* no control byte */

#endif
