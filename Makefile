# Two commands on a fresh Debian or Ubuntu: `make demo` and `make test`. Both first make .venv; nothing outside this
# folder is changed. Another Python: `make test PYTHON=/path/to/python3.13`.

VENV ?= .venv
PYTHON ?=
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) ## grade the sample answers against the bundled suites
	@mkdir -p build
	$(BIN)/verifier grade testsuites/bundled examples/answers.jsonl -o build/grades.jsonl --table

test: check ## check style and types, then run every test
	$(BIN)/pytest -n 2 --dist loadfile

check: $(STAMP) ## check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(STAMP) ## make .venv and install the verifier with its tools there

clean: ## remove .venv and everything that was made
	.ci/docker stop
	rm -rf $(VENV) build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find verifier sandbox testsuites tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each candidate is run, not only looked up: a version manager puts names on PATH that start nothing.
$(STAMP): pyproject.toml
	@set -e; \
	python=; \
	for name in $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3); do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "error: no Python 3.11 or newer ($(or $(PYTHON),python3.11 to python3.14, python3)); install one, or name it: make PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "error: $$python cannot make virtual environments; run: apt-get install python3-venv" >&2; \
	    exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$python" -m venv --clear $(VENV); \
	fi; \
	echo "installing rlvr-verifier and its development tools (pyproject.toml) into $(VENV), $$($(BIN)/python --version)"; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'; \
	touch $@
