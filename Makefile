# Every target works on a bare machine with Python 3.11 or newer: `venv` comes first and installs hashed pins.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: venv demo sandbox test check lint types layers dead bench faults mutants volume pins audit docs clean

venv: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

demo: venv
	$(BIN)/python -m bot demo

sandbox: venv
	$(BIN)/python -m bot sandbox

# More workers than cores: most of what the tests wait for is another process.
test: venv
	$(BIN)/python -m pytest -n 3

check: lint types layers dead test

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: venv
	$(BIN)/mypy

layers: venv
	$(BIN)/lint-imports

# Code that nothing of the bot uses; what only looks so is in pyproject.toml with the reason.
dead: venv
	$(BIN)/vulture

bench: venv
	$(BIN)/python -m tests.bench

faults: venv
	$(BIN)/python -m tests.faults

# Small mistakes in the code that decides, and the share of them that its tests catch.
mutants: venv
	$(BIN)/python -m tests.mutants

# The property tests with 100,000 command texts, and 10,000 configurations, worker properties and policies.
volume: venv
	VOLUME=large $(BIN)/python -m pytest -n 2 tests/bot/pipe/test_parse.py tests/bot/reply/test_hostile.py \
	  tests/bot/classify/test_any_configuration.py tests/bot/policy tests/bot/aws/test_shapes.py

# Known vulnerabilities and licences of what the bot depends on; needs the advisory service of the package index.
audit: venv
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt

# Renew the pins from requirements*.in. The index's address is left out on purpose.
pins:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make pins' requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make pins' requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache
