# What one can do here. `make help` prints this list from the words after each ##.

PYTHON = .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.DEFAULT_GOAL := help
.PHONY: help run demo setup places assets test lint types templates unit browser test-postgres conformance bench bench-million shots requirements clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' Makefile

run: setup ## Set up what is missing, then serve on http://127.0.0.1:8000 (HOST=, PORT= change it)
	@exec $(PYTHON) -m tools.serve

demo: setup ## Drop the demonstration's data and make it again, without serving
	@$(PYTHON) -m tools.serve --afresh

setup: .venv/.installed ## Set up what serving needs, without serving
	@$(MAKE) --no-print-directory -j2 app/static/build/manifest.json places

places: .venv/.installed ## Read the postcodes of the United Kingdom, once
	@test -f "$${INSTANCE_DIR:-instance}/places.sqlite" || { echo "Preparing the places of the United Kingdom"; $(PYTHON) -m flask --app wsgi places build; }

assets: app/static/build/manifest.json ## Build styles, scripts and typefaces

# Each step leaves a file that is newer than what it was made from, so that nothing is done twice.
.venv/.made: bin/venv
	@echo "Making the Python environment"
	@bin/venv
	@touch $@

.venv/.installed: requirements.txt .venv/.made
	@echo "Installing what the product runs on"
	@bin/install requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.made
	@echo "Installing what the checks need"
	@bin/install requirements-dev.txt
	@touch $@ .venv/.installed

.venv/.installed-conformance: requirements-conformance.txt .venv/.installed-dev
	@echo "Installing the validators"
	@bin/install requirements-conformance.txt
	@touch $@

.venv/.installed-bench: requirements-bench.txt .venv/.installed
	@echo "Installing whom we measure against"
	@bin/install requirements-bench.txt
	@touch $@ .venv/.installed

node_modules/.installed: package-lock.json | .venv/.installed
	@echo "Fetching what the front end is built from"
	@bin/with-node npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

app/static/build/manifest.json: $(shell find app/assets -type f) tools/build_assets.py node_modules/.installed | .venv/.installed
	@echo "Building the front end"
	@bin/with-node $(PYTHON) tools/build_assets.py

test: .venv/.installed-dev app/static/build/manifest.json ## Everything that must hold: lint, types, contracts, templates, all tests
	@bin/chromium
	@bin/clamd
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types templates
	@$(MAKE) --no-print-directory unit browser

lint: .venv/.installed-dev ## Style, formatting and import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache

types: .venv/.installed-dev ## Types of the rules and the use-cases, strictly
	.venv/bin/mypy

templates: .venv/.installed-dev ## Templates: parsed, and linted by djlint
	$(PYTHON) -m tools.check_templates
	.venv/bin/djlint app/templates --lint --quiet

unit: .venv/.installed-dev app/static/build/manifest.json ## Unit and integration tests
	@bin/clamd
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

browser: .venv/.installed-dev app/static/build/manifest.json ## The journeys in a real Chromium
	@bin/chromium
	.venv/bin/pytest tests/browser -n 2 --dist loadfile --no-loadscope-reorder

test-postgres: .venv/.installed-dev app/static/build/manifest.json ## Unit and integration tests on a PostgreSQL cluster of their own
	@bin/clamd
	bin/test-postgres .venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

ifneq ($(wildcard ../shared/data),)
conformance: export CONFORMANCE_DATA ?= $(abspath ../shared/data)
endif
conformance: setup .venv/.installed-conformance ## The shipped frameworks, open data and APIs against other people's validators
	$(PYTHON) -m flask --app wsgi framework conformance
	.venv/bin/pytest tests/conformance

bench: setup .venv/.installed-bench ## Measure, beside Datasette and a bare Flask; prints JSON lines
	$(PYTHON) -m bench
	$(PYTHON) -m bench.framework_pages
	$(PYTHON) -m bench.rescoring
	$(PYTHON) -m bench.register

bench-million: setup .venv/.installed-bench ## The register with 1,000,000 providers; the first run makes them, in about half an hour (5 GB)
	$(PYTHON) -m bench.register --providers 1000000 --instance $${BENCH_INSTANCE:-bench-million}

shots: .venv/.installed-dev ## Pictures of pages: make shots BASE=http://127.0.0.1:8000 AS=e-mail OUT=shots PAGES="/ /standards"
	$(PYTHON) tools/shots.py $(if $(BASE),--base $(BASE)) $(if $(AS),--as $(AS)) $(if $(OUT),--out $(OUT)) $(PAGES)

requirements: .venv/.made ## Pin the newest versions that the .in files allow
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements-node.in -o requirements-node.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements-conformance.in -o requirements-conformance.txt
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements-bench.in -o requirements-bench.txt

clean: ## Remove what set-up made; the data in instance/ stays
	rm -rf .venv node_modules app/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
