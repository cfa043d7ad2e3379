# Everything is a command of its own; this file only gives them short names. `make help` lists them.
PYTHON ?= python3
IN := .venv/bin
CHECKS := $(IN)/python -m devtools.checks

.DEFAULT_GOAL := help
.PHONY: help install tools run test check format lint types imports translations test-unit test-postgres \
	test-browser bench access-matrix docs lock upgrade wheel

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## The environment and what it needs to run, nothing started
	@$(PYTHON) devtools/environment.py run
	@$(IN)/python -m devtools.translations compile

tools: ## The same with the developers' tools
	@$(PYTHON) devtools/environment.py check
	@$(IN)/python -m devtools.translations compile

run: install ## The portal with demo data at http://127.0.0.1:8000 (PORT=, DEMO=0, DATABASE_URL=postgresql://...)
	@$(IN)/python -m devtools.runner

test: tools ## Every check: format, lint, types, imports, translations, tests on both databases and in a browser
	@$(CHECKS)

check: test ## Another name of `make test`

format: tools ## Format the code and mend what can be mended by itself
	@$(IN)/ruff check --quiet --fix-only
	@$(IN)/ruff format --quiet

lint: tools ## Format and lint rules, of code and templates
	@$(CHECKS) format lint

types: tools ## Types, strictly
	@$(CHECKS) types

imports: tools ## Who may import whom
	@$(CHECKS) imports

translations: tools ## Bring the Finnish and Swedish catalogues to the words of the code, and say what is missing
	@$(IN)/python -m devtools.translations update
	@$(CHECKS) translations

test-unit: tools ## The suite on SQLite
	@$(CHECKS) unit

test-postgres: tools ## The suite on PostgreSQL (TEST_DATABASE_URL, else the local socket)
	@$(CHECKS) postgres

test-browser: tools ## Journeys and accessibility in Chromium; the main job on PostgreSQL too
	@$(CHECKS) browser main-job

bench: tools ## What each page costs at 10,000, 100,000 and 1,000,000 cases on PostgreSQL; KIND=sqlite (docs/performance.md)
	@$(IN)/python -m devtools.bench --kind $(or $(KIND),postgresql)

access-matrix: tools ## Add new endpoints to tests/contracts/access_matrix.csv as `?`, for a person to fill in
	@$(IN)/python -m tests.contracts.access_matrix

docs: tools ## The generated pages of docs/: access table and workflow diagrams
	@$(IN)/python -m devtools.runner.instance
	@$(IN)/flask --app wsgi docs

lock: tools ## Lock what is new in requirements/*.in, with hashes
	@$(IN)/python -m devtools.lock

upgrade: tools ## Lock the newest libraries that fit requirements/*.in
	@$(IN)/python -m devtools.lock --upgrade

wheel: tools ## The portal as an installable file in dist/
	@$(IN)/pip --quiet wheel --no-deps --wheel-dir dist .
