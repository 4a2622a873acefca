# Pagepost. `make help` lists what there is.

VERSION := 0.5.0
B       ?= build
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
DESTDIR ?=
CC      := gcc
JOBS    := $(shell nproc)

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
	   -Wwrite-strings -Wundef -Wformat=2 -Werror
HARDEN  := -fPIE -fstack-protector-strong -fcf-protection -D_FORTIFY_SOURCE=2
CFLAGS  ?= -O2 -g
CPPFLAGS_ALL = -D_GNU_SOURCE -DPAGEPOST_VERSION='"$(VERSION)"' -I. \
	   -include spool-free/base/banned.h
CFLAGS_ALL = -std=gnu17 $(WARN) $(HARDEN) -fvisibility=hidden -fno-strict-aliasing -pthread $(CFLAGS) $(EXTRA)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now,-z,noexecstack -pthread $(LDFLAGS) $(EXTRA)
# libcurl's OpenSSL flavour by its soname: libetpan-dev brings the GnuTLS flavour's headers (the same API).
LIBS    := -l:libcurl.so.4 -letpan -levent_core -lconfig -lexpat -lidn2 -lmd4c-html -lmd4c -lseccomp -lsystemd -lssl -lcrypto
LIBS_TEST := -lcheck -lsubunit -lm -lrt

SRC  := $(sort $(wildcard spool-free/*/*.c config/*/*.c render/*.c render/*/*.c relay/*/*.c))
MAIN := relay/command/main.c
HEAP := spool-free/base/heap.c
LIB_SRC := $(filter-out $(MAIN) $(HEAP),$(SRC))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o)
# Sanitizers have a heap of their own.
MAIN_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(MAIN) $(if $(EXTRA),,$(HEAP)))
LIB  := $(B)/libpagepost.a
# ... and need what the confinement takes away.
UNCONFINED := $(if $(EXTRA),$(B)/obj/tests/support/unconfined.o)
WRAP_CONFINED = $(if $(EXTRA),-Wl$(comma)--wrap=lockdown_apply$(comma)--wrap=filter_confine)

UNIT_SRC := $(sort $(shell find tests/unit -name 'test_*.c' 2>/dev/null))
UNIT     := $(UNIT_SRC:%.c=$(B)/%)
SUPPORT_SRC := $(filter-out tests/support/unconfined.c,$(sort $(wildcard tests/support/*.c)))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(B)/obj/%.o)

# The program that converts pictures: alone in it are the libraries that decode them.
CODEC_SRC := $(sort $(wildcard relay/pictures/codec/*.c))
CODEC_OBJ := $(CODEC_SRC:%.c=$(B)/obj/%.o)
CODEC_PACKAGES := librsvg-2.0 cairo libpng libjpeg libwebp libwebpdemux libavif libtiff-4
# As system headers: they are not ours to warn of.
CODEC_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(CODEC_PACKAGES)))
CODEC_LIBS = $(shell pkg-config --libs $(CODEC_PACKAGES)) -lseccomp -lcrypto
$(CODEC_OBJ): CFLAGS_ALL += $(CODEC_CFLAGS)

.PHONY: all help deps deps-build deps-bench deps-gallery demo gallery test unit golden e2e check bench clean man example install uninstall
.DEFAULT_GOAL := all
.SECONDARY: # keep the objects of the test support

all: $(B)/pagepost $(B)/pagepost-pictures ## the programs: build/pagepost, and the one that it starts for pictures

$(B)/pagepost: $(MAIN_OBJ) $(UNCONFINED) $(LIB)
	@echo '  LD    $@'
	@$(CC) $(LDFLAGS_ALL) $(WRAP_CONFINED) -o $@ $^ $(LIBS)

$(B)/pagepost-pictures: $(CODEC_OBJ) $(UNCONFINED) $(LIB)
	@echo '  LD    $@'
	@$(CC) $(LDFLAGS_ALL) $(WRAP_CONFINED) -o $@ $^ $(CODEC_LIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	@ar rcs $@ $^

# Where a job's time goes, the compiler may take more room: 8 % less CPU for rendering a small page.
HOT = $(if $(EXTRA),,$(if $(filter -O2,$(CFLAGS)),-O3))
$(B)/obj/render/%.o $(B)/obj/spool-free/%.o: CFLAGS_ALL += $(HOT)

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/tests/unit/%: tests/unit/%.c $(SUPPORT_OBJ) $(LIB)
	@mkdir -p $(@D)
	@echo '  TEST  $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) $(LDFLAGS_TEST) -o $@ $< $(SUPPORT_OBJ) $(LIB) $(LIBS) $(LIBS_TEST)

$(filter $(B)/tests/unit/relay/pictures/codec/%,$(UNIT)): $(B)/tests/unit/%: tests/unit/%.c $(SUPPORT_OBJ) $(CODEC_OBJ) $(LIB)
	@mkdir -p $(@D)
	@echo '  TEST  $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) $(LDFLAGS_TEST) -o $@ $< $(SUPPORT_OBJ) \
		$(filter-out %/main.o,$(CODEC_OBJ)) $(LIB) $(CODEC_LIBS) $(LIBS) $(LIBS_TEST)

test: unit ## the unit suites
unit: $(UNIT)
	tests/run unit $(UNIT)

# End-to-end suites are the programs (files without an ending) in tests/e2e.
E2E_ALL := $(sort $(foreach f,$(wildcard tests/e2e/*),$(if $(findstring .,$(notdir $(f))),,$(f))))
# Those that take longest, for tests/run.
E2E_LONG := $(addprefix tests/e2e/,attacks bad_upstream oauth hostile_pages faulty_peers booted)
E2E := $(E2E_LONG) $(filter-out $(E2E_LONG),$(E2E_ALL))

# Drive the SMTP client alone: against the real servers of tests/support/peers, and against one that cuts every dialogue.
PROBE := $(B)/tests/support/peers/smtp_probe $(B)/tests/support/peers/smtp_cut
$(PROBE): $(B)/tests/support/peers/%: tests/support/peers/%.c $(LIB)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LIBS)

check: deps ## every test: house checks, unit suites, fuzz targets for a short time, end-to-end suites
	@$(MAKE) --no-print-directory -j$(JOBS) all man $(B)/pagepost.bash $(PROBE) $(UNIT) lint-build fuzz-build
	@tests/run check $(LINT_SUITES) $(E2E_LONG) $(FUZZ_SUITES) $(filter-out $(E2E_LONG),$(E2E)) $(UNIT)

golden: all ## writes anew what tests/golden expects; read the difference before a commit
	@tests/golden/compare --write

e2e: all man $(B)/pagepost.bash $(PROBE) ## the end-to-end suites alone
	@tests/run e2e $(E2E)

demo: deps-build ## builds, sends a rich page through everything, shows what arrived
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@mkdir -p $(B)/demo
	@$(B)/pagepost demo tests/demo/page.xml --attach tests/demo/figures.csv --attach tests/demo/notes.pdf \
		--attach tests/demo/chart.png --html $(B)/demo/page.html

gallery: deps-gallery ## pictures of rendered pages at two widths, light and dark: build/gallery/sheet.html
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@tests/gallery/make

# The figures of the README, beside a Node peer and a floor, in one run.
bench: deps-bench ## measures CPU time, memory and round trips beside the peers; BENCH=--quick for a short run
	@$(MAKE) --no-print-directory -j$(JOBS) all $(PROBE) $(B)/bench/floor $(B)/bench/render $(B)/bench/tenants
	@tests/bench/run $(BENCH)

$(B)/bench/floor $(B)/bench/render $(B)/bench/tenants: $(B)/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LIBS)

$(B)/print_settings: config/print_settings.c $(LIB)
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LIBS)

man: $(B)/man/man1/pagepost.1 $(B)/man/man5/pagepost.conf.5 ## the manual pages, under build/man

$(B)/man/man5/pagepost.conf.5: $(B)/print_settings
	@mkdir -p $(@D)
	@$(B)/print_settings man >$@

# Of a table of causes: code, owner, cause and remedy, as a list of the manual's.
CAUSES_TOLD = sed -n 's/^\(OAUTH_\)*CAUSE([A-Z0-9_]*, *[A-Z]*, *\([A-Z]*\), *[0-9]*, *"\([a-z0-9-]*\)", *"\(.*\)", *"\(.*\)")$$/.TP\n.B \3\n\L\2\E: \4\n\5/p'

# Of the catalogue of events: name, level, meaning, and what stands in it.
EVENTS_TOLD = sed -n 's/^EVENT([A-Z_]*, *\([a-z]*\), *"\([a-z.]*\)", *(\([a-z_, ]*\)), *(\([a-z_, ]*\)), *"\(.*\)")$$/.TP\n.B \2\n\1: \5\n.br\nFields: \3; \4/p'

# Of each metric: name, labels, kind and meaning.
METRICS_TOLD = sed -n -e 's/^METRIC([A-Z_]*, *\([A-Z]*\), *"\([a-z_]*\)", *"", *"\(.*\)")$$/.TP\n.B \2\n(\L\1\E) \3/p' \
	-e 's/^METRIC([A-Z_]*, *\([A-Z]*\), *"\([a-z_]*\)", *"\([a-z,]*\)", *"\(.*\)")$$/.TP\n.BR \2 " {" \3 }\n(\L\1\E) \4/p'

$(B)/man/man1/pagepost.1: relay/command/pagepost.1.in relay/command/commands.def render/warning.def \
		render/html/css_properties.def relay/smtp/cause.def relay/confluence/oauth.def spool-free/base/event.def \
		spool-free/base/event_field.def spool-free/base/metric.def
	@mkdir -p $(@D)
	@sed -n 's/^COMMAND(\([a-z]*\), *"\(.*\)")$$/.TP\n.B \1\n\2/p' relay/command/commands.def >$@.commands
	@sed -n 's/^WARNING([A-Z_]*, *"\([a-z-]*\)", *"\(.*\)")$$/.TP\n.B \1\n\2/p' render/warning.def >$@.warnings
	@sed -n 's/^CSS_PROPERTY("\([a-z-]*\)".*/\1,/p' render/html/css_properties.def | sed '$$s/,$$/./' >$@.properties
	@$(CAUSES_TOLD) relay/smtp/cause.def | sed 's/ -\([A-Z]\)/ \\-\1/g' >$@.causes
	@$(CAUSES_TOLD) relay/confluence/oauth.def | sed 's/--/\\-\\-/g' >$@.oauth_causes
	@$(EVENTS_TOLD) spool-free/base/event.def | sed -e 's/^Fields: ; /Fields, at times: /' -e 's/; $$/./' -e '/^Fields/s/; /; at times: /' \
		-e '/^Fields/s/[^.]$$/&./' >$@.events
	@sed -n 's/^FIELD(\([a-z_]*\), *[A-Z]*, *"\(.*\)")$$/.TP\n.B \1\n\2./p' spool-free/base/event_field.def | sed 's/--/\\-\\-/g' >$@.event_fields
	@$(METRICS_TOLD) spool-free/base/metric.def >$@.metrics
	@sed -e '/^@commands@$$/{' -e 'r $@.commands' -e 'd' -e '}' -e '/^@warnings@$$/{' -e 'r $@.warnings' -e 'd' -e '}' \
		-e '/^@properties@$$/{' -e 'r $@.properties' -e 'd' -e '}' \
		-e '/^@causes@$$/{' -e 'r $@.causes' -e 'd' -e '}' \
		-e '/^@oauth_causes@$$/{' -e 'r $@.oauth_causes' -e 'd' -e '}' \
		-e '/^@events@$$/{' -e 'r $@.events' -e 'd' -e '}' -e '/^@event_fields@$$/{' -e 'r $@.event_fields' -e 'd' -e '}' \
		-e '/^@metrics@$$/{' -e 'r $@.metrics' -e 'd' -e '}' \
		-e 's/@version@/$(VERSION)/' $< >$@
	@rm $@.metrics $@.events $@.event_fields $@.commands $@.warnings $@.properties $@.causes $@.oauth_causes

example: $(B)/print_settings ## config/settings/pagepost.conf.example, anew from the table of keys
	@$(B)/print_settings example >config/settings/pagepost.conf.example

INSTALLED = $(PREFIX)/bin/pagepost $(PREFIX)/libexec/pagepost/pagepost-pictures $(PREFIX)/share/man/man1/pagepost.1 $(PREFIX)/share/man/man5/pagepost.conf.5 \
	$(PREFIX)/share/doc/pagepost/pagepost.conf.example $(SYSUSERSDIR)/pagepost.conf $(UNITDIR)/pagepost.socket \
	$(UNITDIR)/pagepost-desk.socket $(UNITDIR)/pagepost-keeper.socket $(UNITDIR)/pagepost-keeper.service $(UNITDIR)/pagepost-gateway.service \
	$(UNITDIR)/pagepost-backup.service $(UNITDIR)/pagepost-backup.timer $(PREFIX)/share/bash-completion/completions/pagepost \
	$(PREFIX)/share/pagepost/monitoring/pagepost-alerts.yml $(PREFIX)/share/pagepost/monitoring/pagepost-dashboard.json
FILLED = sed -e 's|@bindir@|$(PREFIX)/bin|g' -e 's|@libexecdir@|$(PREFIX)/libexec|g' -e 's|@sysconfdir@|$(SYSCONFDIR)|g' -e 's|@docdir@|$(PREFIX)/share/doc/pagepost|g'

$(B)/pagepost.bash: $(B)/pagepost
	@$(B)/pagepost completion >$@

install: all man $(B)/pagepost.bash ## program, manual, completion, units and users, under DESTDIR and PREFIX; settings that are there stay
	install -D -m 755 $(B)/pagepost $(DESTDIR)$(PREFIX)/bin/pagepost
	install -D -m 755 $(B)/pagepost-pictures $(DESTDIR)$(PREFIX)/libexec/pagepost/pagepost-pictures
	install -D -m 644 $(B)/man/man1/pagepost.1 $(DESTDIR)$(PREFIX)/share/man/man1/pagepost.1
	install -D -m 644 $(B)/man/man5/pagepost.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/pagepost.conf.5
	install -D -m 644 $(B)/pagepost.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pagepost
	install -D -m 644 config/settings/pagepost.conf.example $(DESTDIR)$(PREFIX)/share/doc/pagepost/pagepost.conf.example
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/pagepost/monitoring systemd/monitoring/pagepost-alerts.yml systemd/monitoring/pagepost-dashboard.json
	install -D -m 644 systemd/pagepost.sysusers $(DESTDIR)$(SYSUSERSDIR)/pagepost.conf
	install -D -m 644 -t $(DESTDIR)$(UNITDIR) systemd/pagepost.socket systemd/pagepost-desk.socket systemd/pagepost-keeper.socket systemd/pagepost-backup.timer
	$(FILLED) systemd/pagepost-backup.service.in >$(DESTDIR)$(UNITDIR)/pagepost-backup.service
	$(FILLED) systemd/pagepost-keeper.service.in >$(DESTDIR)$(UNITDIR)/pagepost-keeper.service
	$(FILLED) systemd/pagepost-gateway.service.in >$(DESTDIR)$(UNITDIR)/pagepost-gateway.service
	install -d -m 755 $(DESTDIR)$(SYSCONFDIR)/pagepost
	test -e $(DESTDIR)$(SYSCONFDIR)/pagepost/pagepost.conf || \
		$(FILLED) systemd/pagepost.conf.in >$(DESTDIR)$(SYSCONFDIR)/pagepost/pagepost.conf

uninstall: ## all that install brought, but settings, vault and users
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))

deps: ## Debian packages that building and testing need
	@tests/support/deps check

deps-build deps-bench deps-gallery:
	@tests/support/deps $(@:deps-%=%)

clean: ## everything that was built
	rm -rf $(B)

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' Makefile tests/checks.mk

include tests/checks.mk
-include $(LIB_OBJ:.o=.d) $(CODEC_OBJ:.o=.d) $(MAIN_OBJ:.o=.d) $(SUPPORT_OBJ:.o=.d) $(UNIT:=.d)
