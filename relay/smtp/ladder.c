#include "relay/smtp/ladder.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/domain.h"

enum { LOSSES_MAX = 2, HOST_MAX = 255, DAY_MS = 24 * 60 * 60 * 1000 };

/* Domains whose servers offer CHUNKING and do not live up to it, or not always (relay.md E4): a message is sent to them
 * by DATA. */
static const struct slice known_bad[] = {
	SLICE_INIT("outlook.com"),  SLICE_INIT("office365.com"),	 SLICE_INIT("outlook.cn"),
	SLICE_INIT("office365.us"), SLICE_INIT("protection.outlook.de"),
};

static bool is_known_bad(struct slice host)
{
	for (size_t i = 0; i < COUNT_OF(known_bad); i++) {
		if (domain_holds(known_bad[i], host)) {
			return true;
		}
	}
	return false;
}

static void make_key(struct slice host, uint16_t port, unsigned char out_key[SMTP_LADDER_KEY])
{
	char lower[HOST_MAX];
	unsigned char hash[DIGEST_LEN];
	const unsigned char number[] = {(unsigned char)(port >> 8), (unsigned char)port};
	host = slice_first(host, sizeof(lower));
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	const struct slice parts[] = {slice_of(lower, host.len), slice_of(number, sizeof(number))};
	digest_sha256_parts(parts, COUNT_OF(parts), hash);
	memcpy(out_key, hash, SMTP_LADDER_KEY);
}

/* The upstream's place; when it has none, that of whoever was not used for longest. */
static struct smtp_ladder_place *find(struct smtp_ladder *l, struct slice host, uint16_t port)
{
	unsigned char key[SMTP_LADDER_KEY];
	struct smtp_ladder_place *oldest = &l->places[0];
	make_key(host, port, key);
	for (size_t i = 0; i < SMTP_LADDER_PLACES; i++) {
		struct smtp_ladder_place *p = &l->places[i];
		if (p->used > 0 && memcmp(p->key, key, sizeof(key)) == 0) {
			p->used = ++l->uses;
			return p;
		}
		oldest = p->used < oldest->used ? p : oldest;
	}
	*oldest = (struct smtp_ladder_place){.used = ++l->uses, .rung = SMTP_RUNG_APART};
	memcpy(oldest->key, key, sizeof(key));
	return oldest;
}

/* Two lost connections may have been the network's fault, and servers are mended; a restart is no way to find out. */
static void fall(struct smtp_ladder_place *p, struct instant now)
{
	p->days = p->days == 0 ? 1 : p->days * 2;
	p->days = p->days < SMTP_LADDER_DAYS_MAX ? p->days : SMTP_LADDER_DAYS_MAX;
	p->until = instant_after(now, p->days * (uint64_t)DAY_MS);
	p->rung = SMTP_RUNG_DATA;
}

enum smtp_rung smtp_ladder_rung(struct smtp_ladder *l, struct slice host, uint16_t port,
				struct instant now)
{
	if (is_known_bad(host)) {
		return SMTP_RUNG_DATA;
	}
	struct smtp_ladder_place *p = find(l, host, port);
	if (p->rung == SMTP_RUNG_DATA && instant_is_past(p->until, now)) {
		p->rung = p->no_probe ? SMTP_RUNG_APART : SMTP_RUNG_PROBE;
		p->losses = LOSSES_MAX - 1; /* now one is enough */
	}
	return p->rung;
}

static void climb(struct smtp_ladder_place *p)
{
	p->losses = 0;
	if (p->rung == SMTP_RUNG_APART && !p->no_probe) {
		p->rung = SMTP_RUNG_PROBE;
	}
}

/* A connection may be lost for any reason; twice in a row, and BDAT is under suspicion. */
static void slip(struct smtp_ladder_place *p, struct instant now)
{
	p->losses++;
	if (p->losses < LOSSES_MAX) {
		p->rung = SMTP_RUNG_APART;
	} else {
		fall(p, now);
	}
}

void smtp_ladder_learn(struct smtp_ladder *l, struct slice host, uint16_t port,
		       enum smtp_lesson lesson, struct instant now)
{
	if (lesson == SMTP_LESSON_NONE || is_known_bad(host)) {
		return;
	}
	struct smtp_ladder_place *p = find(l, host, port);
	if (p->rung == SMTP_RUNG_DATA) { /* what came from before it fell */
		return;
	}
	switch (lesson) {
	case SMTP_LESSON_NONE:
		break;
	case SMTP_LESSON_TAKEN:
		climb(p);
		break;
	case SMTP_LESSON_SAFE:
		p->losses = 0;
		p->rung = p->rung == SMTP_RUNG_PROBE ? SMTP_RUNG_TOGETHER : p->rung;
		break;
	case SMTP_LESSON_UNSURE:
		p->no_probe = true;
		p->rung = SMTP_RUNG_APART;
		break;
	case SMTP_LESSON_LOST:
		slip(p, now);
		break;
	case SMTP_LESSON_BAD:
		fall(p, now);
		break;
	}
}
