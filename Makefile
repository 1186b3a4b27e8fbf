# Juesuan: everything a person runs. Each target sets up what it needs on a machine that has
# only Python 3.11 or later (with venv), make and git.
#
#   make warehouse            raw/ -> data/warehouse.duckdb
#   make warehouse RAW=dir DATA=dir
#   make site                 the warehouse as pages for the browser, on http://localhost:8000
#   make test | lint | ui | docs | bench | clean

# The environment of the commands is that of make, too.
RAW ?= $(or $(JUESUAN_RAW),raw)
DATA ?= $(or $(JUESUAN_DATA),data)
PYTHON ?= python3
VENV ?= .venv
PORT ?= 3000
SITE_PORT ?= 8000
# STRICT=1 makes `make warehouse` fail when a document was set aside (exit 3 of `juesuan build`).
STRICT ?=

UV_VERSION := 0.13.9
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export DO_NOT_TRACK := 1
export JUESUAN_RAW := $(abspath $(RAW))
export JUESUAN_DATA := $(abspath $(DATA))

.PHONY: thorough help setup warehouse site test lint format ui docs bench audit clean lock manifest

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Juesuan needs Python 3.11 or later; this is " + sys.version.split()[0] + " (make PYTHON=python3.12 ...)" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	# pip knows the machine's own mirrors and certificates where uv does not: slower, same lock.
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP) ## install the locked dependencies into .venv

warehouse: $(STAMP) ## build data/warehouse.duckdb from raw/ (RAW=dir DATA=dir, STRICT=1)
	@$(BIN)/juesuan build || { code=$$?; [ $$code -eq 3 ] && [ -z "$(STRICT)" ] || exit $$code; }

site: warehouse ## make the comparison site and serve it on http://localhost:8000 (SITE_PORT=, RAW=, DATA=)
	@$(BIN)/juesuan site --serve --port $(SITE_PORT)

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadgroup

thorough: $(STAMP) ## the tests, with every page of the sites opened in a browser instead of a quarter
	JUESUAN_THOROUGH=1 $(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(STAMP) ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd dbt_project && $(abspath $(BIN))/sqlfluff lint --processes 2 models tests

format: $(STAMP) ## rewrite the code in the house's form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

ui: $(STAMP) ## the Dagster UI on http://localhost:3000 (PORT=)
	@mkdir -p '$(JUESUAN_DATA)/dagster_home'
	@cp dagster-instance.yaml '$(JUESUAN_DATA)/dagster_home/dagster.yaml'
	@mkdir -p '$(JUESUAN_RAW)'
	DAGSTER_HOME='$(JUESUAN_DATA)/dagster_home' $(BIN)/dagster dev -w workspace.yaml -p $(PORT)

docs: $(STAMP) ## bring docs/ up to date: data dictionary, results of the examples, the README's picture
	$(BIN)/python -m pipelines.warehouse.dictionary
	$(BIN)/python -m docs.examples
	$(BIN)/python -m docs.pictures

bench: $(STAMP) ## measure: reading beside pdfplumber alone, workers, build times, readers during builds
	$(BIN)/python -m benchmarks

# --strict: a package that the service did not answer for has not been checked.
audit: $(STAMP) ## ask PyPI's advisory service about the locked versions; needs the network
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock || { \
	  echo 'audit: if a table of vulnerabilities is shown above, take the fixed versions: make lock, then make test.' >&2; \
	  echo 'audit: else the service at pypi.org gave no answer for the package named: nothing is known of any; run it where it answers.' >&2; exit 1; }

clean: ## remove what is derived: data/, caches, .venv (raw/ stays)
	rm -rf $(VENV) data build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf dbt_project/target dbt_project/logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(STAMP) ## resolve the dependencies again within pyproject's bounds
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' --extra dev --extra cluster pyproject.toml -o requirements.lock
