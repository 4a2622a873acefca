#include "tests/support/certs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void put_path(const struct certs *c, const char *kind, char out[CERTS_PATH_MAX])
{
	int n = snprintf(out, CERTS_PATH_MAX, "%s/%s%u.pem", c->folder, kind, c->made);
	must(n > 0 && n < CERTS_PATH_MAX);
}

void certs_init(struct certs *c)
{
	const char *tmp = getenv("TMPDIR");
	*c = (struct certs){0};
	int n = snprintf(c->folder, sizeof(c->folder), "%s/pagepost-certs-XXXXXX",
			 tmp != NULL ? tmp : "/tmp");
	must(n > 0 && n < (int)sizeof(c->folder) && mkdtemp(c->folder) != NULL);
	put_path(c, "ca", c->ca_file);
	must(throwaway_new(c->ca_file, &c->authority) == FAULT_NONE);
}

void certs_leaf(struct certs *c, const struct cert_spec *spec, struct cert_pair *out_pair)
{
	c->made++;
	put_path(c, "cert", out_pair->cert_file);
	put_path(c, "key", out_pair->key_file);
	const struct throwaway_leaf leaf = {
		.hosts = &spec->host,
		.host_count = 1,
		.is_self_signed = spec->self_signed,
		.begins_days = spec->begins_days,
		.ends_days = spec->ends_days,
		.cert_file = out_pair->cert_file,
		.key_file = out_pair->key_file,
	};
	must(throwaway_write(c->authority, &leaf) == FAULT_NONE);
}

void certs_deinit(struct certs *c)
{
	DIR *folder = opendir(c->folder);
	if (folder != NULL) {
		const struct dirent *entry;
		while ((entry = readdir(folder)) != NULL) {
			if (entry->d_name[0] != '.') {
				unlinkat(dirfd(folder), entry->d_name, 0);
			}
		}
		closedir(folder);
		rmdir(c->folder);
	}
	throwaway_free(&c->authority);
	*c = (struct certs){0};
}
