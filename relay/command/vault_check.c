#include <stdio.h>
#include <string.h>

#include "spool-free/base/hex.h"
#include "relay/command/command.h"
#include "relay/command/doctor_local.h"
#include "relay/command/doctor_report.h"
#include "relay/command/vault_session.h"

/* `server check`: the doctor's look at a server of the vault, from here. */

enum { REPORT_MAX = 256 * 1024 };

static void drop_record(struct vault_record *r)
{
	vault_record_deinit(r);
}

static enum fault read_settings(const struct vault_session *s, struct settings **out,
				struct problem *p)
{
	struct settings_mistakes mistakes;
	if (s->settings_file == NULL) {
		return settings_defaults(out);
	}
	/* It was read when the vault was looked for; what is wrong now came since. */
	settings_mistakes_init(&mistakes);
	enum fault f = settings_read(s->settings_file, out, &mistakes);
	settings_mistakes_deinit(&mistakes);
	return f == FAULT_NONE
		       ? f
		       : problem_set(p, f, "The settings file was changed and has mistakes.");
}

static void take_pins(const struct vault_server *server, struct tls_pins *pins)
{
	for (size_t i = 0; i < SERVER_PINS_MAX; i++) {
		if (server->pins[i].len > 0 &&
		    hex_decode(server->pins[i], (char *)pins->keys[pins->count]) == FAULT_NONE) {
			pins->count++;
		}
	}
}

static enum fault name_upstream(const struct vault_server *server, struct smtp_upstream *out,
				struct problem *p)
{
	if (server->auth == VAULT_AUTH_OAUTH) {
		return problem_set(p, FAULT_BAD_FIELD,
				   "This server takes an OAuth token, which the gateway gets: "
				   "'pagepost doctor NAME --url URL' asks the gateway to look.");
	}
	*out = (struct smtp_upstream){
		.host = server->host,
		.port = server->port,
		.tls = server->tls,
		.ca_pem = server->ca_pem,
		.username = server->username,
		.password = server->password,
	};
	take_pins(server, &out->pins);
	return FAULT_NONE;
}

static enum fault tell(struct vault_session *s, struct buf *report)
{
	CLEANUP(buf_deinit) struct buf text;
	CLEANUP(buf_deinit) struct buf raw; /* reading changes the report */
	bool is_well = false;
	buf_init(&text, REPORT_MAX);
	buf_init(&raw, REPORT_MAX);
	enum fault f = buf_add(&raw, buf_view(report));
	if (f == FAULT_NONE) {
		f = doctor_report_read(report, &text, &is_well);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	const struct buf *shown = s->options[OPTION_JSON] != NULL ? &raw : &text;
	fwrite(shown->ptr, 1, shown->len, stdout);
	fputs(shown == &raw ? "\n" : "", stdout);
	s->exit_code = is_well ? EXIT_DONE : EXIT_NOT_DELIVERED;
	return FAULT_NONE;
}

static enum fault look(struct vault_session *s, const struct vault_server *server,
		       struct problem *p)
{
	CLEANUP(settings_free) struct settings *settings = NULL;
	CLEANUP(buf_deinit) struct buf report;
	struct doctor_local d = {
		.from = vault_session_option(s, OPTION_FROM),
		.to = vault_session_option(s, OPTION_TO),
	};
	buf_init(&report, REPORT_MAX);
	enum fault f = name_upstream(server, &d.upstream, p);
	if (f == FAULT_NONE) {
		f = read_settings(s, &settings, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	d.settings = settings;
	d.from = d.from.len > 0 ? d.from : server->from_address;
	f = doctor_local(&d, &report, p);
	return f == FAULT_NONE ? tell(s, &report) : f;
}

enum fault vault_server_check(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name;
	struct vault_record r;
	enum fault f = vault_session_name_server(s, &name, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = vault_find(s->vault, name, s->half, &s->arena, &r, p);
	if (f != FAULT_NONE) {
		return f == FAULT_NOT_FOUND ? vault_session_missing(VAULT_SERVER, p) : f;
	}
	CLEANUP(drop_record) struct vault_record found = r;
	return look(s, &found.server, p);
}
