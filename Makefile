# `make demo` and `make test` need Python 3.11 or newer and nothing else. `make help` lists all.

# Threads that wait sleep instead of spinning, as the command line has it.
export OMP_WAIT_POLICY ?= passive
# Tests and the demo start hundreds of processes: without compiled modules each takes two seconds longer.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
PYTHON ?= $(shell command -v python3.11 || command -v python3)
FUZZ_SECONDS ?= 60
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile
TEST := $(PYTEST) -m "not slow"

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types layers bench train-slow wheel golden fuzz nightly audit figures docs docs-serve ci

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='|' read -r name text; do printf '%-12s %s\n' "$$name" "$$text"; done

setup: $(STAMP) ## Create .venv and install biolabel into it from constraints.txt.

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "biolabel needs Python 3.11 or newer; no python3 was found" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "biolabel needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V); name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dask,demo,dev,docs,interop,onnx,postgres,server]' --constraint constraints.txt
	@touch $@

demo: setup ## Run the whole pipeline on the demo; print scores, name the report.
	$(BIN)/biolabel run tasks/demo

test: setup ## Run the tests, but for the slow ones.
	$(TEST)

lint: setup ## Check style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## Check types.
	$(BIN)/mypy

layers: setup ## Check which package imports which.
	$(BIN)/lint-imports

bench: setup ## Run every benchmark; results go to benchmarks/results.
	$(BIN)/python benchmarks/run.py

train-slow: setup ## Run the slow tests: small trainings, packaging.
	$(PYTEST) -m slow

wheel: setup ## Build the wheel and the source distribution into dist/.
	$(BIN)/python -m build --no-isolation

golden: setup ## Rewrite the golden files, then look at the difference.
	UPDATE_GOLDEN=1 $(TEST) tests/unit tests/golden
	git --no-pager diff --stat -- tests/golden

fuzz: setup ## Put random rule files to the front end for a minute.
	$(BIN)/python tests/fuzz/rules.py -max_total_time=$(FUZZ_SECONDS)

nightly: setup audit fuzz ## What is too long for each change: random input for every reader, a minute each (FUZZ_SECONDS=2: shorter).
	$(BIN)/python tests/fuzz/all.py -max_total_time=$(FUZZ_SECONDS)
	$(PYTEST) -m slow

audit: setup ## Compare the pinned packages with what is installed and, if there is a network, with known flaws.
	$(BIN)/python tests/packaging/audit.py

figures: setup ## Copy the figures of benchmarks/results into the README.
	$(BIN)/python benchmarks/readme.py
	$(BIN)/python benchmarks/chosen.py

docs: export NO_MKDOCS_2_WARNING := 1
docs: setup ## Build the documentation into build/site, without network; open index.html there.
	$(BIN)/python -m mkdocs build --strict --config-file docs/site/mkdocs.yml

docs-serve: export NO_MKDOCS_2_WARNING := 1
docs-serve: setup ## Show the documentation at http://127.0.0.1:8000, and what changes in it.
	$(BIN)/python -m mkdocs serve --config-file docs/site/mkdocs.yml

ci: ## Everything that must hold before a change is merged.
	.ci/run
