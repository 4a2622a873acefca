/*
 * NAME     render_pictures - pictures for `pagepost render`: converted by the same program as in the gateway, which is
 *          started with the first picture that needs it; none is fetched
 * OWNS     the way to that program
 */
#ifndef RELAY_COMMAND_RENDER_PICTURES_H
#define RELAY_COMMAND_RENDER_PICTURES_H

#include "relay/pictures/client.h"

struct render_pictures_lazy {
	struct render_pictures calls; /* for the renderer; its context is this */
	struct pictures *pictures;
	bool is_tried;
};

void render_pictures_init(struct render_pictures_lazy *l);
void render_pictures_deinit(struct render_pictures_lazy *l);

#endif
