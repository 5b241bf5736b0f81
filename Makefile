# Each target makes its own environment; Python 3.11 or newer is all that the machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ./data

.PHONY: run test check fix bench bench-model bench-news screenshots clean

# What the web app is made of: a change of it is a reason to install, and so to build, again.
WEB := hatch_build.py web/package.json web/package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public -type f)

$(VENV)/.installed: pyproject.toml $(WEB)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml $(WEB)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed

run: $(VENV)/.installed
	$(BIN)/icosa quickstart --data-dir $(DATA)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses auto
	$(BIN)/python tests/support/external_postgres.py --numprocesses auto tests/rest tests/contract tests/access

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src

fix: $(VENV)/.installed-dev
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

bench: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m benchmarks.run --write docs/performance.md

screenshots: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m web.screenshots screenshots

bench-model: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m benchmarks.model

bench-news: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m benchmarks.news

clean:
	rm -rf web/node_modules src/icosa/web/dist screenshots $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
