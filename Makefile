# The index of tasks. `make` alone prints it. A fresh machine needs Python >= 3.11, git and make; everything else is
# installed into .venv from requirements/*.lock, by hash.

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
TESTS_AT_ONCE ?= 2

# A stamp is named after the content it was made from, so nothing is installed twice and nothing stale is kept.
key = $(shell cat $(1) | git hash-object --stdin)
VENV_STAMP := .venv/made-$(call key,requirements/tools.lock)
RUN_STAMP := .venv/run-$(call key,requirements/run.lock pyproject.toml)
DEV_STAMP := .venv/dev-$(call key,requirements/dev.lock pyproject.toml)

.PHONY: help demo test torture bench lint format types lock doctor clean fresh
.DELETE_ON_ERROR:

help:  ## print this index
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s  %s\n", $$1, $$2}' Makefile

demo: $(RUN_STAMP)  ## run the bundled reference cases, whole pipeline, and say where the report is
	$(BIN)/recoup demo

test: lint types  ## lint, types and walls, then every test but the long ones
	$(BIN)/pytest -n $(TESTS_AT_ONCE)

torture: $(DEV_STAMP)  ## the long tests
	$(BIN)/pytest -m torture

bench: $(DEV_STAMP)  ## measure this machine and print the figures
	$(BIN)/python -m tests.bench

lint: $(DEV_STAMP)  ## style, format and the walls between the rooms
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(DEV_STAMP)  ## mypy, strict, for src and tests
	$(BIN)/mypy

format: $(DEV_STAMP)  ## mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

COMPILE = $(UV) pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(VENV_STAMP)  ## write requirements/*.lock; versions stay where they fit (UPGRADE=--upgrade chooses anew)
	$(COMPILE) pyproject.toml --all-extras --group dev --output-file requirements/dev.lock
	$(COMPILE) pyproject.toml --constraint requirements/dev.lock --output-file requirements/run.lock
	$(COMPILE) --group tools --constraint requirements/dev.lock --output-file requirements/tools.lock

doctor: $(RUN_STAMP)  ## say what this installation has and lacks
	$(BIN)/recoup doctor

clean:  ## remove what was built, not what was written
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

fresh:  ## clone into an empty directory, with empty caches, and run demo and test there
	@dir=$$(mktemp -d) && git clone --quiet . "$$dir/recoup" && \
	UV_CACHE_DIR="$$dir/uv" PIP_CACHE_DIR="$$dir/pip" RECOUP_SHARED_DATA="$${RECOUP_SHARED_DATA:-$(CURDIR)/../shared/data}" \
	$(MAKE) -C "$$dir/recoup" demo test; status=$$?; rm -rf "$$dir"; exit $$status

$(VENV_STAMP): requirements/tools.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Recoup needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.lock
	@touch $@

INSTALL_RECOUP = $(UV) pip install --quiet --no-deps --no-build-isolation --editable .

# A finished dev stamp holds everything that run.lock holds: the demo then has nothing to install.
$(RUN_STAMP): $(VENV_STAMP)
	@if [ ! -e $(DEV_STAMP) ]; then \
	rm -f .venv/run-* .venv/dev-*; $(UV) pip install --quiet --require-hashes -r requirements/run.lock && $(INSTALL_RECOUP); fi
	@touch $@

$(DEV_STAMP): $(VENV_STAMP)
	@rm -f .venv/run-* .venv/dev-*
	$(UV) pip sync --quiet --require-hashes requirements/dev.lock
	$(INSTALL_RECOUP)
	@touch $@
