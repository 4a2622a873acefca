#include "relay/command/canary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"

enum {
	NEEDLES_MAX = CANARIES_MAX * 24,
	STARTS = 65536, /* what the first two bytes may be */
	SHIFTS = 3,
	ENCODED_MAX = (CANARY_MAX + SHIFTS) * 4 / 3 + 8,
};

struct needle {
	struct canary_hit says;
	size_t len;
	unsigned char bytes[CANARY_NEEDLE_MAX];
	uint16_t next; /* with the same start; one more than its place, 0 for none */
};

struct canaries {
	size_t values;
	size_t count;
	uint16_t starts[STARTS]; /* one more than the place of the first needle that begins so */
	struct needle needles[NEEDLES_MAX];
};

enum fault canaries_new(struct canaries **out_canaries)
{
	struct canaries *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	*out_canaries = c;
	return FAULT_NONE;
}

void canaries_free(struct canaries **c)
{
	if (*c != NULL) {
		wipe(*c, sizeof(**c));
		free(*c);
		*c = NULL;
	}
}

static unsigned start_of(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static bool is_known(const struct canaries *c, struct slice bytes)
{
	for (size_t i = 0; i < c->count; i++) {
		if (slice_eq(slice_of(c->needles[i].bytes, c->needles[i].len), bytes)) {
			return true;
		}
	}
	return false;
}

/* One form may be the same as another: it is looked for once. */
static void add_needle(struct canaries *c, struct canary_hit says, const void *bytes, size_t len)
{
	if (c->count == NEEDLES_MAX || is_known(c, slice_of(bytes, len))) {
		return;
	}
	struct needle *n = &c->needles[c->count++];
	*n = (struct needle){.says = says, .len = len};
	memcpy(n->bytes, bytes, len);
	uint16_t *start = &c->starts[start_of(n->bytes)];
	n->next = *start;
	*start = (uint16_t)c->count;
}

/* Its first and its last part. */
static void add_ends(struct canaries *c, struct canary_hit says, const char *bytes, size_t len)
{
	add_needle(c, says, bytes, CANARY_PART);
	add_needle(c, says, bytes + len - CANARY_PART, CANARY_PART);
}

static void add_base64(struct canaries *c, const char *place, struct slice value)
{
	char plain[CANARY_MAX + SHIFTS] = {0};
	char encoded[ENCODED_MAX];
	for (size_t shift = 0; shift < SHIFTS; shift++) {
		size_t all = shift + value.len;
		memset(plain, 0, shift);
		memcpy(plain + shift, value.ptr, value.len);
		base64_encode(slice_of(plain, all), encoded);
		/* The characters that stand for the value alone. */
		size_t from = (shift * 8 + 5) / 6;
		size_t len = all * 8 / 6 - from;
		add_ends(c, (struct canary_hit){place, "base64"}, encoded + from, len);
		for (size_t i = from; i < from + len; i++) {
			encoded[i] = encoded[i] == '+' ? '-' : encoded[i] == '/' ? '_' : encoded[i];
		}
		add_ends(c, (struct canary_hit){place, "base64url"}, encoded + from, len);
	}
	wipe(plain, sizeof(plain));
	wipe(encoded, sizeof(encoded));
}

/* Each byte as hex digits, with a character before them or none. */
static void add_hex(struct canaries *c, struct canary_hit says, struct slice value,
		    const char *digits, char before)
{
	char text[CANARY_NEEDLE_MAX];
	size_t len = 0;
	for (size_t i = 0; i < CANARY_PART; i++) {
		unsigned char byte = (unsigned char)value.ptr[i];
		if (before != '\0') {
			text[len++] = before;
		}
		text[len++] = digits[byte >> 4];
		text[len++] = digits[byte & 15];
	}
	add_needle(c, says, text, len);
}

static void add_wide(struct canaries *c, const char *place, struct slice value)
{
	char little[2 * CANARY_PART] = {0};
	char big[2 * CANARY_PART] = {0};
	for (size_t i = 0; i < CANARY_PART; i++) {
		little[2 * i] = value.ptr[i];
		big[2 * i + 1] = value.ptr[i];
	}
	add_needle(c, (struct canary_hit){place, "UTF-16"}, little, sizeof(little));
	add_needle(c, (struct canary_hit){place, "UTF-16"}, big, sizeof(big));
}

static void add_lower(struct canaries *c, const char *place, struct slice value)
{
	char lower[CANARY_MAX];
	for (size_t i = 0; i < value.len; i++) {
		char letter = value.ptr[i];
		lower[i] = (char)(letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter);
	}
	add_ends(c, (struct canary_hit){place, "lower case"}, lower, value.len);
}

enum fault canaries_add(struct canaries *c, const char *place, struct slice value)
{
	static const char upper[] = "0123456789ABCDEF";
	static const char lower[] = "0123456789abcdef";
	if (c->values == CANARIES_MAX || value.len > CANARY_MAX) {
		return FAULT_TOO_LARGE;
	}
	if (value.len < (size_t)2 * CANARY_PART) {
		return FAULT_BAD_FIELD;
	}
	c->values++;
	add_ends(c, (struct canary_hit){place, "raw"}, value.ptr, value.len);
	add_lower(c, place, value);
	add_base64(c, place, value);
	add_hex(c, (struct canary_hit){place, "quoted-printable"}, value, upper, '=');
	add_hex(c, (struct canary_hit){place, "percent-encoded"}, value, upper, '%');
	add_hex(c, (struct canary_hit){place, "percent-encoded"}, value, lower, '%');
	add_hex(c, (struct canary_hit){place, "hex"}, value, upper, '\0');
	add_hex(c, (struct canary_hit){place, "hex"}, value, lower, '\0');
	add_wide(c, place, value);
	return FAULT_NONE;
}

enum fault canary_letters(char out_text[CANARY_LEN + 1])
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ234567abc";
	_Static_assert(sizeof(letters) - 1 == 32, "five bits of chance each");
	unsigned char chance[CANARY_LEN];
	if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance)) {
		return FAULT_SYSTEM;
	}
	for (size_t i = 0; i < CANARY_LEN; i++) {
		out_text[i] = letters[chance[i] % 32];
	}
	out_text[CANARY_LEN] = '\0';
	wipe(chance, sizeof(chance));
	return FAULT_NONE;
}

bool canaries_find(const struct canaries *c, struct slice bytes, size_t *at,
		   struct canary_hit *out_hit)
{
	const unsigned char *all = (const unsigned char *)bytes.ptr;
	for (size_t i = *at; i + 1 < bytes.len; i++) {
		for (uint16_t n = c->starts[start_of(all + i)]; n != 0;
		     n = c->needles[n - 1].next) {
			const struct needle *needle = &c->needles[n - 1];
			if (needle->len <= bytes.len - i &&
			    memcmp(all + i, needle->bytes, needle->len) == 0) {
				*out_hit = needle->says;
				*at = i + needle->len;
				return true;
			}
		}
	}
	*at = bytes.len;
	return false;
}

size_t canaries_count_places(const struct canaries *c, struct slice bytes)
{
	const char *seen[CANARIES_MAX];
	size_t count = 0;
	size_t at = 0;
	struct canary_hit hit;
	while (canaries_find(c, bytes, &at, &hit)) {
		size_t i = 0;
		while (i < count && seen[i] != hit.place) {
			i++;
		}
		if (i == count && count < CANARIES_MAX) {
			seen[count++] = hit.place;
		}
	}
	return count;
}
