# Broadsheet's commands: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Build tools live in the user's cache, one folder per version, so that every clone finds them.
CARGO_LEPTOS := 0.3.10
WASM_BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/broadsheet/tools
LEPTOS_DIR := $(CACHE)/cargo-leptos-$(CARGO_LEPTOS)
BINDGEN_DIR := $(CACHE)/wasm-bindgen-$(WASM_BINDGEN)
NODE_MODULES := end2end/node_modules
# Readers of feeds and structured data, where there is a Python that can have them.
AUDIT_PYTHON := $(if $(shell python3 -c 'import ensurepip, venv' 2>/dev/null && echo yes),$(CACHE)/audit-$(firstword $(shell cksum end2end/audit/requirements.txt))/bin/python)
export PATH := $(LEPTOS_DIR)/bin:$(BINDGEN_DIR)/bin:$(CURDIR)/$(NODE_MODULES)/.bin:$(PATH)

PROGRAM := target/release/broadsheet
SOURCES := $(shell find app server frontend migration style public .cargo Cargo.toml Cargo.lock -type f -not -path '*/tests/*')

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.PHONY: run
run: $(PROGRAM) ## Build what has changed and serve on http://127.0.0.1:3000
	@exec $(PROGRAM)

.PHONY: build
build: $(PROGRAM) ## Build server and client for production

$(PROGRAM): $(SOURCES) $(NODE_MODULES)/.installed | tools
	@echo "==> Building server and client (the first time takes some minutes)"
	cargo leptos build --release --precompress --split
	@touch $@

.PHONY: release
release: $(PROGRAM) ## Build the one file that is copied to a server
	@ls -l $(PROGRAM)

.PHONY: watch
watch: tools $(NODE_MODULES)/.installed ## Serve, and reload on every change of code or style
	cargo leptos watch --split

.PHONY: test
test: lint test-rust test-browser test-postgres audit ## Check everything: lints, rules, use-cases, HTTP, browser, audit

.PHONY: lint
lint: wasm-target ## Check formatting and lints of both sides
	@echo "==> Formatting"
	cargo fmt --all --check
	@echo "==> Lints of the server"
	cargo clippy --all-targets -- -D warnings
	cargo clippy -p server --test postgres -- -D warnings
	@echo "==> Lints of the client"
	cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
	@echo "==> Samples for hosts"
	.tools/check-deploy

.PHONY: test-rust
test-rust: $(NODE_MODULES)/.installed | fault-injection ## Test rules, use-cases and HTTP, with a real mail server
	@echo "==> Rules, use-cases and HTTP"
	cargo test

.PHONY: test-postgres
test-postgres: $(PROGRAM) $(NODE_MODULES)/.installed ## Test use-cases, HTTP and the main stories in Chromium on PostgreSQL
	@echo "==> Use-cases and HTTP on PostgreSQL"
	.tools/with-postgres cargo test --test backend --test http
	.tools/with-postgres cargo test --test postgres -- --nocapture --test-threads 1
	@echo "==> Browser on PostgreSQL"
	cargo build -p server --example bucket
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" ../.tools/with-postgres npx playwright test account explore moderation picture post recovery settings

.PHONY: test-long
test-long: | fault-injection ## Run in full the tests that `make test` shortens, and print what they count
	TEST_LONG=1 cargo test --test cli -- durability refused_writes soak upload --nocapture --test-threads 1

.PHONY: test-browser
test-browser: $(PROGRAM) ## Test the built program in Chromium, with JavaScript and without
	@echo "==> Browser"
	cargo build -p server --example bucket
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" npx playwright test

.PHONY: audit
audit: $(PROGRAM) end2end/audit/node_modules/.installed $(AUDIT_PYTHON) ## Have Lighthouse and readers of feeds and structured data judge the pages
	@echo "==> Audit"
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" AUDIT_PYTHON="$(AUDIT_PYTHON)" node audit/audit.mjs

.PHONY: bench
bench: $(PROGRAM) ## Measure what pages cost server and browser, beside servers that do next to nothing, and how that grows with the posts
	cargo build --release -p server --example bare
	cd end2end && ../.tools/with-postgres node bench/site.mjs
	$(MAKE) bench-client

.PHONY: bench-client
bench-client: $(PROGRAM) ## Measure what the client costs a browser: size, start, the way to another page
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" node bench/client.mjs

.PHONY: bench-accounts
bench-accounts: $(PROGRAM) ## Measure what accounts cost and whether times tell who has one
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" node bench/accounts.mjs

.PHONY: bench-edge
bench-edge: $(PROGRAM) ## Measure what slow and greedy clients cost everybody else, and how long a start takes
	cd end2end && node bench/edge.mjs

.PHONY: bench-answers
bench-answers: ## Measure how much processor time the most expensive answers take, against the budget
	cargo bench -p server --bench answers

.PHONY: bench-markdown
bench-markdown: ## Measure what it costs to render a post, and texts that are meant to cost much
	cargo bench -p server --bench markdown

.PHONY: bench-pages
bench-pages: ## Measure what a page of each list costs in a database of up to a million posts (takes some minutes)
	cargo bench -p server --bench pages -- 1000 100000 1000000

.PHONY: screenshot
screenshot: $(PROGRAM) ## Take the README's picture of a fresh site
	CHROMIUM="$$(.tools/chromium)" && cd end2end && CHROMIUM="$$CHROMIUM" npx playwright test looks && \
		cp test-results/looks/home-1280-light.png screenshot.png

.PHONY: fault-injection
fault-injection:
	@if ! command -v fiu-ctrl >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "==> Installing Debian's fiu-utils, which makes writing fail"; \
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

$(NODE_MODULES)/.installed: end2end/package.json end2end/package-lock.json
	@echo "==> Installing the npm parts (wasm-opt, sass, Playwright) into $(NODE_MODULES)"
	cd end2end && npm ci --no-audit --no-fund
	@touch $@

end2end/audit/node_modules/.installed: end2end/audit/package.json end2end/audit/package-lock.json
	@echo "==> Installing Lighthouse"
	cd end2end/audit && npm ci --no-audit --no-fund
	@touch $@

$(CACHE)/audit-%/bin/python: end2end/audit/requirements.txt
	@echo "==> Installing readers of feeds and structured data"
	python3 -m venv $(CACHE)/audit-$*
	$(CACHE)/audit-$*/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@
