#include "relay/intake/crowd.h"

#include <netinet/in.h>
#include <string.h>

/* Distinct for what is counted apart: an IPv4 address has its upper half zero, which no IPv6 network has. */
static uint64_t key_of(const struct address *who)
{
	uint64_t key = 0;
	if (who->sockaddr.ss_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, &who->sockaddr, sizeof(six));
		if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
			uint32_t four;
			memcpy(&four, six.sin6_addr.s6_addr + 12, sizeof(four));
			return ntohl(four);
		}
		for (size_t i = 0; i < sizeof(key); i++) {
			key = key << 8 | six.sin6_addr.s6_addr[i];
		}
	} else if (who->sockaddr.ss_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, &who->sockaddr, sizeof(four));
		key = ntohl(four.sin_addr.s_addr);
	}
	return key;
}

static size_t bucket_of(uint64_t key)
{
	const uint64_t golden =
		0x9E3779B97F4A7C15U; /* Fibonacci hashing: the upper bits are mixed best */
	return (size_t)(key * golden >> 56) % CROWD_BUCKETS;
}

bool crowd_enter(struct crowd *c, struct crowd_member *m, const struct address *who, unsigned most)
{
	uint64_t key = key_of(who);
	struct crowd_member **head = &c->buckets[bucket_of(key)];
	unsigned there = 0;
	for (const struct crowd_member *other = *head; other != NULL; other = other->next) {
		there += other->key == key;
	}
	if (there >= most) {
		return false;
	}
	*m = (struct crowd_member){.key = key, .next = *head, .here = head};
	if (*head != NULL) {
		(*head)->here = &m->next;
	}
	*head = m;
	return true;
}

void crowd_leave(struct crowd_member *m)
{
	if (m->here != NULL) {
		*m->here = m->next;
		if (m->next != NULL) {
			m->next->here = m->here;
		}
		m->here = NULL;
	}
}
