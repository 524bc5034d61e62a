# `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Build tools are installed in the user's cache, in a folder for each version, so that all clones share them.
CARGO_LEPTOS := 0.3.10
CARGO_DENY := 0.20.2
WASM_BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/broadsheet/tools
LEPTOS_DIR := $(CACHE)/cargo-leptos-$(CARGO_LEPTOS)
BINDGEN_DIR := $(CACHE)/wasm-bindgen-$(WASM_BINDGEN)
DENY_DIR := $(CACHE)/cargo-deny-$(CARGO_DENY)
FRONTEND_MODULES := frontend/node_modules
NODE_MODULES := end2end/node_modules
# The Python environment that parses feeds and structured data, empty if this machine's Python cannot create one.
AUDIT_PYTHON := $(if $(shell python3 -c 'import ensurepip, venv' 2>/dev/null && echo yes),$(CACHE)/audit-$(firstword $(shell cksum end2end/audit/requirements.txt))/bin/python)
export PATH := $(LEPTOS_DIR)/bin:$(BINDGEN_DIR)/bin:$(DENY_DIR)/bin:$(CURDIR)/$(FRONTEND_MODULES)/.bin:$(PATH)

PROGRAM := target/release/broadsheet
# The list includes folders, because deleting a file changes the modification time of its folder.
SOURCES := $(shell find app server migration .cargo Cargo.toml Cargo.lock rust-toolchain.toml -not -path '*/tests*')
# The files for the browser, which are embedded in the program.
CLIENT := target/site/pkg/broadsheet.css
CLIENT_SOURCES := $(shell find app frontend style public .cargo Cargo.toml Cargo.lock rust-toolchain.toml -not -path '*/tests*' -not -path 'app/domain*' -not -path '*/node_modules*')
# The program of `make run` and of the tests. It is compiled in a third of the time of a release, and the dependencies of both only
# once.
CHECKED_PROGRAM := target/checked/broadsheet
# Changed when Clippy has compiled the program and its tests, so lints do not need a separate build. The client has one, because
# Clippy compiles without the optimisations of MIR that a release has.
LINTED_PROGRAM := target/checked/linted
LINTED_CARGO := RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/.tools/lint cargo
# More threads than processors, because tests spend more time waiting for disks, mails and timers than computing.
export RUST_TEST_THREADS := $(shell echo $$((3 * $$(nproc 2>/dev/null || echo 2))))

# A target is as old as the beginning of its recipe, so that what is changed meanwhile is built by the next.
begun = target/$(subst /,-,$@).begun
begin = @mkdir -p target && touch $(begun)
finish = @touch -r $(begun)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

.PHONY: run
run: $(CHECKED_PROGRAM) ## Build and serve on http://127.0.0.1:3000
	@exec $(CHECKED_PROGRAM)

.PHONY: build
build: $(PROGRAM) ## Build the server and the client for production

$(PROGRAM): $(SOURCES) $(CLIENT)
	@echo "==> Compiling the server (the first time takes about six minutes on two processors)"
	$(begin)
	cargo build --release --bin broadsheet
	$(finish) $@

$(CLIENT): $(CLIENT_SOURCES) $(FRONTEND_MODULES)/.installed | wasm-target
	@echo "==> Building the client (the first time takes about three minutes on two processors)"
	$(begin)
	node frontend/build.mjs
	$(finish) $@

$(CHECKED_PROGRAM): $(SOURCES) $(CLIENT)
	@echo "==> Compiling the server (the first time takes about five minutes on two processors)"
	$(begin)
	cargo build --profile checked --bin broadsheet
	$(finish) $@

$(LINTED_PROGRAM): $(SOURCES) $(CLIENT) .tools/lint
	@echo "==> Compiling and linting the server and its tests (the first time takes about eight minutes on two processors)"
	$(begin)
	$(LINTED_CARGO) build --profile checked --all-targets
	$(LINTED_CARGO) build --profile checked --test postgres
	$(finish) $(CHECKED_PROGRAM) $@

.PHONY: release
release: $(PROGRAM) ## Build the single file to copy to a server
	@ls -l $(PROGRAM)

.PHONY: watch
watch: tools $(FRONTEND_MODULES)/.installed ## Serve, and reload on every change of code or style
	@# The development build overwrites the files that are embedded, so the next build must recreate them.
	@rm -f $(CLIENT)
	cargo leptos watch --split

.PHONY: test
# Some jobs compile while others link or download. `cargo --version` makes rustup install the toolchain first, because two jobs
# cannot install it at the same time. The tests that restart PostgreSQL mostly wait, which leaves time for Firefox; Lighthouse
# measures times, so it runs alone.
test: ## Run all checks: lints, rules, use-cases, HTTP, browsers, PostgreSQL, audit
	@cargo --version
	$(MAKE) --jobs=3 lint-format lint-client $(CLIENT) test-tools
	$(MAKE) lint-samples test-rust test-browser test-postgres
	$(MAKE) --jobs=2 test-firefox test-postgres-servers
	$(MAKE) audit

.PHONY: check
check: wasm-target ## Check the types of the server and the client, in seconds
	cargo check
	cargo check -p frontend --target wasm32-unknown-unknown

.PHONY: lint
lint: lint-format lint-server lint-client lint-docs lint-dependencies lint-samples ## Check formatting, lints, documentation, dependencies and hosting samples

.PHONY: lint-format
lint-format:
	@echo "==> Checking formatting"
	cargo fmt --all --check

.PHONY: lint-server
lint-server:
	@echo "==> Linting the server"
	cargo clippy --all-targets -- -D warnings
	cargo clippy --test postgres -- -D warnings

.PHONY: lint-client
lint-client: wasm-target
	@echo "==> Linting the client"
	cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
	cargo clippy -p bundle -- -D warnings

# Runs after the lints of the server, which have already checked the same dependencies.
.PHONY: lint-docs
lint-docs:
	@echo "==> Building the documentation of the code"
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps

.PHONY: lint-dependencies
lint-dependencies:
	@echo "==> Checking licences, versions and sources of dependencies"
	@.tools/install-cargo-tool cargo-deny $(CARGO_DENY) cargo-deny $(DENY_DIR)
	cargo deny check licenses bans sources

.PHONY: lint-samples
lint-samples:
	@echo "==> Checking the hosting samples"
	.tools/check-deploy

.PHONY: test-rust
test-rust: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed | fault-injection ## Test rules, use-cases and HTTP, with a real mail server
	@echo "==> Testing rules, use-cases and HTTP"
	$(LINTED_CARGO) test --profile checked

.PHONY: test-postgres
test-postgres: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed ## Test use-cases, HTTP and the main stories without JavaScript on PostgreSQL
	@echo "==> Testing use-cases, HTTP and the main stories on PostgreSQL"
	CHROMIUM="$$(.tools/chromium)" .tools/with-postgres bash -euc '\
		$(LINTED_CARGO) test --profile checked --test use_cases --test http; \
		cd end2end; \
		npx playwright test account administration appeal comments details explore history moderation picture post recovery schedule settings trust \
			--project "without JavaScript" --output test-results/postgres'

.PHONY: test-postgres-servers
test-postgres-servers: $(LINTED_PROGRAM) ## Test several servers on PostgreSQL, and what happens when it fails
	@echo "==> Testing several servers on PostgreSQL"
	.tools/with-postgres env $(LINTED_CARGO) test --profile checked --test postgres -- --nocapture --test-threads 1

.PHONY: test-long
test-long: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed | fault-injection ## Run the full version of the tests that `make test` shortens, and print their figures
	TEST_LONG=1 $(LINTED_CARGO) test --profile checked --test cli -- durability refused_writes soak upload --nocapture --test-threads 1

.PHONY: test-browser
test-browser: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed ## Test the built program in Chromium, with and without JavaScript
	@echo "==> Testing in Chromium"
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" npx playwright test

.PHONY: test-firefox
test-firefox: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed ## Test the main stories in Firefox
	@echo "==> Testing in Firefox"
	FIREFOX="$$(.tools/firefox)" && cd end2end && FIREFOX="$$FIREFOX" npx playwright test --project "Firefox*"

.PHONY: audit
audit: $(LINTED_PROGRAM) end2end/audit/node_modules/.installed $(AUDIT_PYTHON) ## Check the pages with Lighthouse, and feeds and structured data with parsers
	@echo "==> Auditing pages, feeds and structured data"
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" AUDIT_PYTHON="$(AUDIT_PYTHON)" PROGRAM=../$(CHECKED_PROGRAM) node audit/audit.mjs

.PHONY: bench
bench: $(PROGRAM) ## Measure the cost of pages for server and browser, compared with a minimal server and by number of posts
	cargo build --release --example bare
	cd end2end && ../.tools/with-postgres node bench/site.mjs
	$(MAKE) bench-client

.PHONY: bench-client
bench-client: $(PROGRAM) ## Measure the client in a browser: size, hydration, navigation
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" node bench/client.mjs

.PHONY: bench-accounts
bench-accounts: $(PROGRAM) ## Measure the cost of accounts, and whether response times reveal who has one
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" node bench/accounts.mjs

.PHONY: bench-edge
bench-edge: $(PROGRAM) ## Measure how slow and abusive clients affect other visitors, and the start time
	cd end2end && node bench/edge.mjs

.PHONY: bench-answers
bench-answers: ## Measure the processor time of the most expensive responses, against the budget
	cargo bench --bench answers

.PHONY: bench-markdown
bench-markdown: ## Measure the rendering of a post and of texts designed to be expensive
	cargo bench --bench markdown

.PHONY: bench-pages
bench-pages: ## Measure a page of each list with up to a million posts (takes several minutes)
	cargo bench --bench pages -- 1000 100000 1000000

.PHONY: screenshot
screenshot: $(LINTED_PROGRAM) $(NODE_MODULES)/.installed ## Take the README's screenshot of a new site
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" npx playwright test looks && \
		cp test-results/looks/home-1280-light.png screenshot.png

# Installs the tools and packages that the tests need.
.PHONY: test-tools
test-tools: $(NODE_MODULES)/.installed end2end/audit/node_modules/.installed $(AUDIT_PYTHON) | fault-injection
	@.tools/chromium >/dev/null
	@.tools/firefox >/dev/null
	@.tools/with-postgres true

.PHONY: fault-injection
fault-injection:
	@if ! command -v fiu-ctrl >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "==> Installing Debian's fiu-utils, which makes writes fail for tests"; \
		{ apt-get update && apt-get install -y --no-install-recommends fiu-utils; } >&2; \
	fi

.PHONY: tools
tools: wasm-target
	@.tools/install-cargo-tool cargo-leptos $(CARGO_LEPTOS) cargo-leptos $(LEPTOS_DIR)
	@.tools/install-cargo-tool wasm-bindgen $(WASM_BINDGEN) wasm-bindgen-cli $(BINDGEN_DIR)

.PHONY: wasm-target
wasm-target:
	@if command -v rustup >/dev/null && ! rustup target list --installed | grep -qx wasm32-unknown-unknown; then \
		echo "==> Adding Rust's WebAssembly target"; \
		rustup target add wasm32-unknown-unknown; \
	fi

$(FRONTEND_MODULES)/.installed: frontend/package.json frontend/package-lock.json
	@echo "==> Installing build tools from npm into $(FRONTEND_MODULES)"
	cd frontend && npm ci --no-audit --no-fund
	@touch $@

$(NODE_MODULES)/.installed: end2end/package.json end2end/package-lock.json
	@echo "==> Installing Playwright into $(NODE_MODULES)"
	cd end2end && npm ci --no-audit --no-fund
	@touch $@

end2end/audit/node_modules/.installed: end2end/audit/package.json end2end/audit/package-lock.json
	@echo "==> Installing Lighthouse"
	cd end2end/audit && npm ci --no-audit --no-fund
	@touch $@

$(CACHE)/audit-%/bin/python: end2end/audit/requirements.txt
	@echo "==> Installing parsers for feeds and structured data"
	python3 -m venv $(CACHE)/audit-$*
	$(CACHE)/audit-$*/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@
