# One thin rule each; `make help` lists them. Rust (cargo) is all that demo and test need.

CARGO ?= cargo
# Seconds for each fuzz target.
TIME ?= 60

.PHONY: help demo test test-c test-cargo-c test-nginx test-nginx-valgrind test-envoy test-embedded test-js test-adapters test-page test-extension site extension test-stacks test-formats test-command-wheel test-long mutants \
    wheel wheels test-examples test-frameworks e2e e2e-quick fuzz fuzz-ci check doc generate bench bench-instructions bench-python bench-node install-c

help:
	@echo 'make demo    build the cors command (debug), check and compile a sample policy, decide recorded requests'
	@echo 'make test    the tests of the Rust workspace, and their total; other languages have targets of their own'
	@echo 'make test-nginx            the nginx module, with a real nginx over loopback'
	@echo 'make test-nginx-valgrind   the same under Valgrind, which takes minutes'
	@echo 'make test-envoy            the filter for Envoy, with a real Envoy over loopback'
	@echo 'make test-c  libcors from C and C++, installed and under Valgrind and sanitizers'
	@echo 'make test-cargo-c   installing it by cargo-c, which is built first: minutes'
	@echo 'make install-c PREFIX=/usr/local   libcors for C and C++'
	@echo 'make test-long  the invariant of the two halves, and compiled against naive: ten million cases each'
	@echo 'make mutants    a test has to fail for each change that is made to cors-core: hours'
	@echo 'make test-embedded   firmware in QEMU, and what it takes of flash, RAM and stack'
	@echo 'make fuzz    each of the 13 fuzz targets for TIME seconds (60), two at a time'
	@echo 'make fuzz-ci the same for 10 seconds, and the lints of the targets'
	@echo 'make wheels  the wheels that are uploaded, of cors-py and of the command, for glibc and musl, and the source archive'
	@echo 'make wheel   build the Python wheel, and test it in clean environments'
	@echo 'make test-examples   the programs of examples/, each started and asked'
	@echo 'make test-frameworks   those that have to be built first: Next.js, SvelteKit, Nuxt'
	@echo 'make site        the page as files, for any file server: target/site'
	@echo 'make extension   the extension for Chromium and Firefox: target/extension'
	@echo 'make test-page   the page, of cors explain --serve and as files, in Chromium and Firefox'
	@echo 'make test-extension   the extension, its panel in Chromium and Firefox'
	@echo 'make test-command-wheel   the wheel that holds the command, in a clean environment'
	@echo 'make test-formats what cors export writes, loaded into the programs that it is for'
	@echo 'make test-stacks  the lines of cors explain --stack, each in the software that it is for'
	@echo 'make conformance      every adapter of ours, held against the conformance suite'
	@echo 'make conformance-all  everybody: writes conformance/results'
	@echo 'make conformance-caches   ours behind the shared caches of nginx and Varnish'
	@echo 'make conformance-page the page of the results, in target/site/conformance'
	@echo 'make test-js     the npm package: Node, Bun, Deno, workerd, wasmtime'
	@echo 'make test-adapters   its adapters under Express, Fastify, Koa, Hono, h3, Nest, beside the packages that they stand for'
	@echo 'make e2e     real browsers against real servers, and what explain predicts: writes tests/e2e/RESULTS.md'
	@echo 'make e2e-quick   Chromium and Firefox, a part of the cases'
	@echo 'make check   formatting, lints and documentation, warnings as errors'
	@echo 'make generate   what other languages repeat of the Rust tables: cors.h, enums, stubs, offsets'
	@echo 'make doc     the documentation of the crates, in target/doc'
	@echo 'make bench   the benchmarks, cors-core, its layer and their peers: writes benches/RESULTS.md and LAYERS.md; parts: benches/run'
	@echo 'make bench-instructions   instructions counted, and compared with a table (UPDATE=1 writes it)'
	@echo 'make bench-python   those of the Python adapters'
	@echo 'make bench-node     those of the Node adapters, beside npm cors and others: writes benches/node/RESULTS.md'
	@echo 'tools/ci     all of these that have to pass before a change lands, with the time of each: tools/ci --list'

demo:
	@cors-cli/demo/run "$$(tools/command)"

test:
	@tools/test

test-c:
	tests/c/run

test-cargo-c:
	tests/c/cargo-c

PREFIX ?= /usr/local

install-c:
	cors-ffi/install $(PREFIX)
# A test's usual number of cases is scaled by PROPTEST_CASES / 256; LONG is how many are wanted.
LONG ?= 10000000
LONG_PROFILE = CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_LTO=off

test-long:
	PROPTEST_CASES=$$(( $(LONG) * 256 / 5000 + 1 )) $(LONG_PROFILE) $(CARGO) test --release -p cors-core --locked --test invariant -- \
	    --nocapture a_fetch_succeeds_exactly_when_the_verdict_allows_it
	PROPTEST_CASES=$$(( $(LONG) * 256 / 3000 + 1 )) $(LONG_PROFILE) $(CARGO) test --release -p cors-core --locked --test properties -- \
	    --nocapture policy_and_naive_agree
	PROPTEST_CASES=$$(( $(LONG) / 400 + 1 )) $(LONG_PROFILE) $(CARGO) test --release --locked -p cors-core --test invariant fixes_fix
	PROPTEST_CASES=$$(( $(LONG) / 4000 + 1 )) $(LONG_PROFILE) $(CARGO) test --release --locked -p cors-diagnosis -p cors-formats -p cors-origin-regex

mutants:
	tests/mutants

test-nginx:
	tests/nginx/run

test-nginx-valgrind:
	tests/nginx/run --valgrind

test-envoy:
	tests/envoy/run

test-embedded:
	tests/embedded/run

wheels:
	tools/wheels
	tools/command-wheel

test-command-wheel:
	tools/command-wheel --quick

wheel:
	cors-py/tests/run

test-js:
	tests/js/run

test-adapters:
	tests/adapters/run

test-examples:
	tests/examples/run

test-frameworks:
	tests/examples/frameworks-run

site:
	@policy=$$(cors-ui/build policy) && text=$$(cors-ui/build text) && node cors-ui/site.mjs "$$policy" "$$text" target/site

extension:
	@integrations/extension/build

test-page:
	tests/page/run

test-extension:
	tests/extension/run

test-stacks:
	tests/stacks/run

test-formats:
	tests/formats/run

.PHONY: conformance conformance-all conformance-caches conformance-page

conformance:
	conformance/run

conformance-all:
	conformance/run --all --write

conformance-caches:
	conformance/run --caches

conformance-page:
	conformance/page/make

e2e:
	tests/e2e/run

e2e-quick:
	tests/e2e/run --quick

check:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features --locked -- -D warnings
	$(CARGO) clippy -p cors-core --no-default-features --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --all-features --no-deps --locked
	tools/notices --check

doc:
	$(CARGO) doc --workspace --all-features --no-deps --locked

# What is generated is compared by `make test`.
generate:
	@$(CARGO) run --quiet --locked -p generate

bench:
	@benches/run

bench-instructions:
	@benches/count-instructions

fuzz:
	fuzz/run $(TIME)

fuzz-ci:
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --manifest-path fuzz/Cargo.toml --all-targets --locked -- -D warnings
	$(CARGO) test --manifest-path fuzz/Cargo.toml --locked --lib
	fuzz/run 10

bench-python:
	benches/python/run

bench-node:
	benches/node/run
