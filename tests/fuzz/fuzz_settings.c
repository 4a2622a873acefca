/* The settings file: whatever it holds, it is either refused with a mistake or read within the
 * limits. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings/key.h"
#include "config/settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses the start of a text that has no end; read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings_mistakes list;
	struct slice text = slice_of(data, size);
	struct settings *s = NULL;
	/* Other files are no input of this target. */
	if (slice_find(text, SLICE_LIT("@include")) < text.len) {
		return 0;
	}
	settings_mistakes_init(&list);
	enum fault f = settings_parse(text, "fuzz.conf", "/etc", &s, &list);
	if (f == FAULT_NONE) {
		assert(list.count == 0);
		assert(s->limits.body <= s->limits.memory);
		assert(s->relay.allowed_ports.count > 0);
		settings_free(&s);
	} else {
		assert(s == NULL);
		assert(f == FAULT_TOO_LARGE || list.count > 0);
	}
	for (size_t i = 0; i < list.count; i++) {
		assert(list.items[i].wrong.len > 0);
	}
	settings_mistakes_deinit(&list);
	return 0;
}
