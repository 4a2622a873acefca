# The checks beside the unit suites. Included by the Makefile, which owns `check`; what it uses of this file:
#   LINT_SUITES  programs without arguments for tests/run; lint-build makes what they look at
#   FUZZ_SUITES  the same for the short fuzz run; fuzz-build
# Other instruments build the unit suites again under build/<name> and run them there.

export CHECK_CC := $(CC) $(CPPFLAGS_ALL) -std=gnu17 $(WARN)
export CHECK_BUILD := $(B)
export FUZZ_SECONDS ?= 60

SOURCES := $(shell find spool-free config render relay tests -name '*.[ch]' | sort)
TIDY    := $(patsubst %.c,$(B)/tidy/%.txt,$(SRC) $(CODEC_SRC))

LINT_SUITES := tests/lint/headers tests/lint/layers tests/lint/patterns tests/lint/events tests/lint/symbols tests/lint/mirror tests/lint/golden tests/lint/monitoring \
	       tests/lint/format tests/lint/tidy tests/lint/cppcheck tests/lint/shellcheck tests/lint/selftest
FUZZ_SUITES := tests/fuzz/short

FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ     := $(FUZZ_SRC:%.c=$(B)/%)

# Failing allocations: the suites define malloc themselves, except where an instrument wants to do that.
BY_WRAP  := -DOOM_BY_WRAP
WRAP     := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
REBUILD   = +@$(MAKE) --no-print-directory B=build/$(1) EXTRA="$(2) $(BY_WRAP)" LDFLAGS_TEST="$(WRAP)" $(or $(3),unit-build)
SUITES_OF = $(UNIT_SRC:%.c=build/$(1)/%)
ADDRESS   = -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
THREAD    = -fsanitize=thread

# The programs under an instrument are not confined (tests/support/unconfined.c), keep what was freed for a while, and are
# slow: suites that measure memory, look for what is wiped, or prove the confinement fail there, and are not among these.
# Each process writes what it finds into a file of its own; one is a failure, whatever the suite says.
E2E_INSTRUMENTED ?= $(addprefix tests/e2e/,main_job metrics pauses debug_log receipts log_cli restart reload processes gateway_killed \
	keeper_lost tenants settings_cli log_privacy all_at_once)
REPORTS     = $(CURDIR)/build/$(1)/reports
UNDER       = @rm -rf $(REPORTS) && mkdir -p $(REPORTS) && export PAGEPOST=$(CURDIR)/build/$(1)/pagepost && $(2) tests/run $(1)-e2e $(E2E_INSTRUMENTED); \
	status=$$?; cat $(REPORTS)/* 2>/dev/null && exit 1; exit $$status

.PHONY: check-headers check-layers check-patterns check-events check-symbols check-mirror check-golden check-monitoring check-format check-tidy lint lint-build format \
	unit-build sanitize sanitize-e2e tsan tsan-e2e valgrind oom traced fuzz fuzz-short fuzz-build fuzz-programs coverage

check-headers: ## each header compiles alone
	@tests/lint/headers

check-layers: ## includes: only what a layer may know, and in order
	@tests/lint/layers

check-patterns: ## what may not stand in the sources
	@tests/lint/patterns

check-events: ## each call that logs uses the fields that its event has
	@tests/lint/events

check-symbols: $(B)/pagepost ## the program exports none
	@tests/lint/symbols

check-mirror: ## each module has its suite
	@tests/lint/mirror

check-golden: ## each supported name is on a golden page
	@tests/lint/golden

check-monitoring: ## dashboard and alert rules ask for numbers that there are
	@tests/lint/monitoring

check-format: ## clang-format has nothing to change
	@tests/lint/format

check-tidy: $(TIDY)
	@tests/lint/tidy

lint-build: $(B)/pagepost $(TIDY)

lint: lint-build ## all of the above, clang-tidy, cppcheck, shellcheck
	@tests/run lint $(LINT_SUITES)

format: ## puts includes in order, clang-format over all sources
	@tests/lint/layers --fix
	@clang-format-14 -i $(SOURCES)

# Anew when the object is: so also when a header has changed. The analyzer gives up on a function after so many
# states: the other three quarters of its usual 225000 take four times as long and have found nothing here.
TIDY_STATES ?= 50000
$(B)/tidy/%.txt: $(B)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	@echo '  TIDY  $(@:$(B)/tidy/%.txt=%.c)'
	@clang-tidy-14 --quiet $(@:$(B)/tidy/%.txt=%.c) -- -std=gnu17 $(CPPFLAGS_ALL) $(CODEC_CFLAGS) \
		-Xclang -analyzer-config -Xclang max-nodes=$(TIDY_STATES) >$@ 2>/dev/null || \
		echo "$(@:$(B)/tidy/%.txt=%.c): clang-tidy is not content" >>$@

unit-build: $(UNIT)

sanitize: ## the unit suites under the address and undefined sanitizers
	$(call REBUILD,sanitize,$(ADDRESS))
	@ASAN_OPTIONS=detect_stack_use_after_return=1 tests/run sanitize $(call SUITES_OF,sanitize)

sanitize-e2e: ## end-to-end suites with the programs under them: E2E_INSTRUMENTED='tests/e2e/NAME ...'
	$(call REBUILD,sanitize,$(ADDRESS),all)
	$(call UNDER,sanitize,ASAN_OPTIONS=detect_stack_use_after_return=1:log_path=$(call REPORTS,sanitize)/address UBSAN_OPTIONS=print_stacktrace=1:log_path=$(call REPORTS,sanitize)/undefined)

tsan: ## the unit suites under the thread sanitizer
	$(call REBUILD,tsan,$(THREAD))
	@TSAN_OPTIONS=halt_on_error=1 tests/run tsan $(call SUITES_OF,tsan)

tsan-e2e: ## end-to-end suites with the programs under it
	$(call REBUILD,tsan,$(THREAD),all)
	$(call UNDER,tsan,TSAN_OPTIONS=log_path=$(call REPORTS,tsan)/thread)

valgrind: ## the unit suites under valgrind
	$(call REBUILD,valgrind,-O1)
	@CK_DEFAULT_TIMEOUT=600 RUN_UNDER=tests/support/valgrind tests/run valgrind $(call SUITES_OF,valgrind)

traced: all $(PROBE) ## the end-to-end suites, each gateway and keeper under strace: nothing is put into a file but the vault, by the keeper
	@rm -rf $(B)/traced && mkdir -p $(B)/traced/seen
	@ln -s $(CURDIR)/tests/support/traced $(B)/traced/pagepost && ln -s ../pagepost-pictures $(B)/traced
	@PAGEPOST=$(CURDIR)/$(B)/traced/pagepost PAGEPOST_TRACES=$(CURDIR)/$(B)/traced/seen tests/run traced $(filter-out tests/e2e/traced tests/e2e/booted,$(E2E)); \
		status=$$?; tests/support/traces_judged $(B)/traced/seen && exit $$status

oom: unit ## failing allocations are part of the unit suites

fuzz-build:
	+@$(MAKE) --no-print-directory B=build/fuzz CC=clang-14 \
		EXTRA="-O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" fuzz-programs

fuzz-programs: $(FUZZ)

$(B)/tests/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	@echo '  FUZZ  $<'
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $< $(LIB) $(LIBS) -ljansson

fuzz: fuzz-build ## every fuzz target for FUZZ_SECONDS (60) each
	@tests/fuzz/run $(FUZZ_SECONDS)

fuzz-short: fuzz-build ## every fuzz target for a bounded, short time
	@tests/fuzz/short

coverage: ## which lines and branches the unit suites reach
	$(call REBUILD,coverage,--coverage -O0 -U_FORTIFY_SOURCE)
	@tests/run coverage $(call SUITES_OF,coverage)
	@gcovr --root . --object-directory build/coverage --exclude tests/ --exclude-unreachable-branches \
		--exclude-throw-branches --print-summary

comma := ,

-include $(FUZZ:=.d)
