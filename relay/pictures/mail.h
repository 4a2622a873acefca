/*
 * NAME     mail - one mail's pictures: what the renderer calls (render.h) goes to the program that converts, and to the web
 *          where policy allows it
 * OWNS     nothing; lives as long as its mail is rendered
 * LIMITS   all that is done for a mail ends at a moment given; past it pictures are not converted or fetched any more
 * THREADS  one
 */
#ifndef RELAY_PICTURES_MAIL_H
#define RELAY_PICTURES_MAIL_H

#include "relay/net/fetch.h"
#include "relay/pictures/client.h"

struct pictures_mail {
	struct render_pictures calls; /* for the renderer; its context is this */
	struct pictures *pictures;
	const struct fetch_rules *fetch;
	struct instant until;
};

/* `pictures` may be NULL: nothing is converted. `fetch` may be NULL: nothing is fetched. */
void pictures_mail_init(struct pictures_mail *m, struct pictures *pictures,
			const struct fetch_rules *fetch, struct instant until);

#endif
