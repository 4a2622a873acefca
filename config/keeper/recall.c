#include "config/keeper/recall.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/wipe.h"

/* Where a request's operation and an answer's result stand. */
enum { OPERATION_AT = 1, RESULT_AT = WIRE_HEAD + 1 };

struct recall_place {
	uint16_t request_len; /* 0: empty */
	uint16_t frame_len;
	char request[RECALL_REQUEST_MAX];
	char frame[RECALL_FRAME_MAX];
};

void recall_deinit(struct recall *r)
{
	if (r->places != NULL) {
		wipe(r->places, RECALL_PLACES * sizeof(*r->places));
		free(r->places);
	}
	*r = (struct recall){0};
}

static void forget_older(struct recall *r, uint64_t generation)
{
	if (r->places != NULL && r->generation != generation) {
		wipe(r->places, RECALL_PLACES * sizeof(*r->places));
	}
	r->generation = generation;
}

/* FNV-1a: places are few, and only good requests come to one. */
static struct recall_place *place_of(const struct recall *r, struct slice request)
{
	uint32_t hash = 2166136261U;
	for (size_t i = 0; i < request.len; i++) {
		hash = (hash ^ (unsigned char)request.ptr[i]) * 16777619U;
	}
	return &r->places[hash % RECALL_PLACES];
}

static bool may_be_kept(struct slice request, struct slice frame)
{
	if (request.len <= OPERATION_AT || request.len > RECALL_REQUEST_MAX ||
	    frame.len <= RESULT_AT || frame.len > RECALL_FRAME_MAX) {
		return false;
	}
	char operation = request.ptr[OPERATION_AT];
	return (operation == WIRE_FIND_CALLER || operation == WIRE_GET_TENANT) &&
	       wire_result_fault((uint8_t)frame.ptr[RESULT_AT]) == FAULT_NONE;
}

bool recall_find(struct recall *r, uint64_t generation, struct slice request,
		 struct secret **out_frame)
{
	forget_older(r, generation);
	if (r->places == NULL) {
		return false;
	}
	const struct recall_place *place = place_of(r, request);
	return place->request_len > 0 &&
	       slice_eq(slice_of(place->request, place->request_len), request) &&
	       secret_new(slice_of(place->frame, place->frame_len), out_frame) == FAULT_NONE;
}

void recall_keep(struct recall *r, uint64_t generation, struct slice request, struct slice frame)
{
	forget_older(r, generation);
	if (!may_be_kept(request, frame)) {
		return;
	}
	if (r->places == NULL) {
		r->places = calloc(RECALL_PLACES, sizeof(*r->places));
		if (r->places == NULL) {
			return;
		}
	}
	struct recall_place *place = place_of(r, request);
	memcpy(place->request, request.ptr, request.len);
	memcpy(place->frame, frame.ptr, frame.len);
	place->request_len = (uint16_t)request.len;
	place->frame_len = (uint16_t)frame.len;
}
