# Two commands do everything on a machine with only Python 3.11+ and make:
#   make run    sets up and judges the embedded default target
#   make test   sets up and passes the tests
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: run test setup lint clean

setup: $(VENV)/.done

$(VENV)/.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=24"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,seaweedfs]"
	touch $@

run: setup
	$(BIN)/s3sse run $(ARGS)

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/coverage run -m pytest model $(ARGS)
	$(BIN)/coverage report --fail-under=100
	$(BIN)/python -m pytest targets reports conformance/tests -n 2 $(ARGS)

lint: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/mypy

clean:
	rm -rf $(VENV)
