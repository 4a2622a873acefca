#include "config/keeper/client_inside.h"

/* The fields into the arena, in place of those in the frame; what is secret is not kept. */
static enum fault keep_fields(struct slice *fields, size_t count, bool (*is_secret)(size_t at),
			      struct arena *arena)
{
	for (size_t i = 0; i < count; i++) {
		struct slice copy = {0};
		bool is_kept = fields[i].len > 0 && (is_secret == NULL || !is_secret(i));
		enum fault f = is_kept ? arena_copy(arena, fields[i], &copy) : FAULT_NONE;
		if (f != FAULT_NONE) {
			return f;
		}
		fields[i] = copy;
	}
	return FAULT_NONE;
}

static uint32_t number_at(struct slice numbers, size_t index)
{
	return (uint32_t)wire_get_number(
		slice_first(slice_skip(numbers, index * WIRE_NUMBER), WIRE_NUMBER));
}

static bool is_policy(const struct slice *fields)
{
	struct slice words = fields[WIRE_POLICY_WORDS];
	return words.len == WIRE_POLICY_WORDS_LEN &&
	       fields[WIRE_POLICY_LIMITS].len == WIRE_POLICY_LIMITS_LEN &&
	       (unsigned char)words.ptr[0] <= POLICY_NO &&
	       (unsigned char)words.ptr[1] <= POLICY_FROM_LIST &&
	       (unsigned char)words.ptr[2] <= POLICY_NO &&
	       (unsigned char)words.ptr[3] <= POLICY_NO && (unsigned char)words.ptr[4] <= POLICY_NO;
}

static struct policy_limit limit_at(struct slice numbers, size_t index)
{
	uint32_t kept = number_at(numbers, index);
	return (struct policy_limit){.is_set = kept > 0, .most = kept > 0 ? kept - 1 : 0};
}

/* Their words and numbers before the texts, which are moved. */
static struct policy_rules read_policy(const struct slice *fields)
{
	const char *words = fields[WIRE_POLICY_WORDS].ptr;
	struct slice limits = fields[WIRE_POLICY_LIMITS];
	return (struct policy_rules){
		.enforce = (enum policy_word)words[0],
		.from = (enum policy_from)words[1],
		.job_accounts = (enum policy_word)words[2],
		.external_images = (enum policy_word)words[3],
		.operator_server = (enum policy_word)words[4],
		.recipients = limit_at(limits, 0),
		.attachments = limit_at(limits, 1),
		.attachment_bytes = limit_at(limits, 2),
		.groups = fields[WIRE_POLICY_GROUPS],
		.spaces = fields[WIRE_POLICY_SPACES],
		.recipient_domains = fields[WIRE_POLICY_DOMAINS],
		.senders = fields[WIRE_POLICY_SENDERS],
		.upstream_hosts = fields[WIRE_POLICY_HOSTS],
	};
}

static enum fault read_tenant(struct slice *fields, struct arena *arena,
			      struct keeper_tenant *out_tenant)
{
	if (fields[WIRE_TENANT_NUMBERS].len != WIRE_TENANT_NUMBERS_LEN ||
	    number_at(fields[WIRE_TENANT_NUMBERS], 3) > POLICY_NO ||
	    !is_policy(fields + WIRE_TENANT_POLICY) || !is_policy(fields + WIRE_SPACE_POLICY)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = keep_fields(fields, WIRE_TENANT_FIELDS, NULL, arena);
	if (f == FAULT_NONE) {
		*out_tenant = (struct keeper_tenant){
			.subject_prefix = fields[WIRE_SUBJECT_PREFIX],
			.from_address = fields[WIRE_TENANT_FROM_ADDRESS],
			.from_name = fields[WIRE_TENANT_FROM_NAME],
			.button_label = fields[WIRE_BUTTON_LABEL],
			.header_text = fields[WIRE_HEADER_TEXT],
			.css = fields[WIRE_CSS],
			.image_side = number_at(fields[WIRE_TENANT_NUMBERS], 0),
			.attached = number_at(fields[WIRE_TENANT_NUMBERS], 1),
			.always_from = number_at(fields[WIRE_TENANT_NUMBERS], 2) != 0,
			.operator_server = (enum policy_word)number_at(fields[WIRE_TENANT_NUMBERS],
								       3),
			.policy = read_policy(fields + WIRE_TENANT_POLICY),
			.space_policy = read_policy(fields + WIRE_SPACE_POLICY),
		};
	}
	return f;
}

enum fault keeper_get_tenant(struct keeper_client *c, struct slice tenant, struct slice space,
			     struct arena *arena, struct keeper_tenant *out_tenant)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	const struct wire_message request = {
		.code = WIRE_GET_TENANT, .count = 2, .fields = {tenant, space}};
	enum fault f = client_ask(c, &request, &w, &answer, NULL);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != WIRE_TENANT_FIELDS) {
		return FAULT_KEEPER_PROTOCOL;
	}
	return read_tenant(answer.fields, arena, out_tenant);
}

void keeper_server_deinit(struct keeper_server *s)
{
	secret_free(&s->password);
	secret_free(&s->oauth.secret);
	secret_free(&s->oauth.refresh);
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		secret_free(&s->dkim[i].key);
	}
}

static bool is_server(const struct slice *fields)
{
	size_t pins = fields[WIRE_PINS].len;
	for (size_t i = WIRE_DKIM; i < WIRE_SERVER_FIELDS; i += 3) {
		if ((fields[i].len > 0) != (fields[i + 2].len > 0)) {
			return false;
		}
	}
	return fields[WIRE_PORT].len == 2 && fields[WIRE_TLS].len == 1 &&
	       (unsigned char)fields[WIRE_TLS].ptr[0] <= TLS_IMPLICIT &&
	       fields[WIRE_HAS_PASSWORD].len == 1 && fields[WIRE_IS_OPERATORS].len == 1 &&
	       fields[WIRE_OAUTH_FLOW].len == 1 &&
	       (unsigned char)fields[WIRE_OAUTH_FLOW].ptr[0] <= OAUTH_REFRESH_TOKEN &&
	       fields[WIRE_LIMITS].len == WIRE_LIMITS_LEN && pins % SERVER_PIN == 0 &&
	       pins <= (size_t)SERVER_PINS_MAX * SERVER_PIN;
}

static bool is_secret_field(size_t at)
{
	return at == WIRE_PASSWORD || at == WIRE_OAUTH_SECRET || at == WIRE_OAUTH_REFRESH ||
	       (at >= WIRE_DKIM && (at - WIRE_DKIM) % 3 == 2);
}

static enum fault take_secret(struct slice field, struct secret **out_secret)
{
	return field.len > 0 ? secret_new(field, out_secret) : FAULT_NONE;
}

static enum fault read_secrets(const struct slice *fields, struct keeper_server *s)
{
	enum fault f = FAULT_NONE;
	if (fields[WIRE_HAS_PASSWORD].ptr[0] != 0) {
		f = secret_new(fields[WIRE_PASSWORD], &s->password);
	}
	if (f == FAULT_NONE) {
		f = take_secret(fields[WIRE_OAUTH_SECRET], &s->oauth.secret);
	}
	if (f == FAULT_NONE) {
		f = take_secret(fields[WIRE_OAUTH_REFRESH], &s->oauth.refresh);
	}
	for (size_t i = 0; i < SERVER_DKIM_MAX && f == FAULT_NONE; i++) {
		struct slice key = fields[WIRE_DKIM + 3 * i + 2];
		f = take_secret(key, &s->dkim[s->dkim_count].key);
		s->dkim_count += f == FAULT_NONE && key.len > 0;
	}
	return f;
}

/* Behind read_secrets(), which counted the keys that there are. */
static void read_texts(const struct slice *fields, struct keeper_server *s)
{
	uint32_t limits[WIRE_LIMITS_LEN / WIRE_NUMBER] = {0};
	size_t keys = 0;
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		limits[i] = number_at(fields[WIRE_LIMITS], i);
	}
	s->name = fields[WIRE_NAME];
	s->is_operators = fields[WIRE_IS_OPERATORS].ptr[0] != 0;
	s->host = fields[WIRE_HOST];
	s->port = (uint16_t)wire_get_number(fields[WIRE_PORT]);
	s->tls = fields[WIRE_TLS].ptr[0] == TLS_IMPLICIT ? TLS_IMPLICIT : TLS_STARTTLS;
	s->username = fields[WIRE_USERNAME];
	s->ca_pem = fields[WIRE_CA_PEM];
	s->from_address = fields[WIRE_FROM_ADDRESS];
	s->from_name = fields[WIRE_FROM_NAME];
	s->return_path = fields[WIRE_RETURN_PATH];
	s->oauth.flow = (enum oauth_flow)fields[WIRE_OAUTH_FLOW].ptr[0];
	s->oauth.token_url = fields[WIRE_OAUTH_TOKEN_URL];
	s->oauth.client_id = fields[WIRE_OAUTH_CLIENT_ID];
	s->oauth.key_id = fields[WIRE_OAUTH_KEY_ID];
	s->oauth.scope = fields[WIRE_OAUTH_SCOPE];
	s->pins = fields[WIRE_PINS];
	s->profile = fields[WIRE_PROFILE];
	s->limits = (struct server_limits){.connections = limits[0],
					   .per_minute = limits[1],
					   .per_hour = limits[2],
					   .recipients_per_mail = limits[3]};
	for (size_t i = 0; i < SERVER_DKIM_MAX && keys < s->dkim_count; i++) {
		const struct slice *key = &fields[WIRE_DKIM + 3 * i];
		if (key[0].len > 0) {
			s->dkim[keys].domain = key[0];
			s->dkim[keys].selector = key[1];
			keys++;
		}
	}
}

static enum fault read_server(struct slice *fields, struct arena *arena,
			      struct keeper_server *out_server)
{
	struct keeper_server s = {0};
	if (!is_server(fields)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = read_secrets(fields, &s);
	if (f == FAULT_NONE) {
		f = keep_fields(fields, WIRE_SERVER_FIELDS, is_secret_field, arena);
	}
	if (f != FAULT_NONE) {
		keeper_server_deinit(&s);
		return f;
	}
	read_texts(fields, &s);
	*out_server = s;
	return FAULT_NONE;
}

enum fault keeper_open_job(struct keeper_client *c, const struct keeper_job *job,
			   struct arena *arena, struct keeper_opened *out_opened, struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct keeper_opened opened;
	const struct wire_message request = {
		.code = WIRE_OPEN_JOB,
		.count = 5,
		.fields = {slice_of(job->proof->token_hash, KEEPER_TOKEN_HASH),
			   secret_view(job->proof->half),
			   slice_of(job->caller->tenant, job->caller->tenant_len), job->server,
			   job->space},
	};
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f == FAULT_NONE && answer.count != WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS) {
		f = FAULT_KEEPER_PROTOCOL;
	}
	if (f == FAULT_NONE) {
		f = read_tenant(answer.fields, arena, &opened.tenant);
	}
	if (f == FAULT_NONE) {
		f = read_server(answer.fields + WIRE_TENANT_FIELDS, arena, &opened.server);
	}
	if (f == FAULT_NONE) {
		*out_opened = opened;
	}
	return f;
}
