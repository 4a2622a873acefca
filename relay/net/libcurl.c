#include "relay/net/libcurl.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "spool-free/base/wipe.h"

enum fault libcurl_start(void)
{
	CURLcode started = curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiped_free,
						wiped_realloc, strdup, calloc);
	return started == CURLE_OK ? FAULT_NONE : FAULT_SYSTEM;
}
