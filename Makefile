# Four commands for everyone: make run, make test, make check, make bench.
# Each sets up what it needs; none needs git, and none touches the network once its set-up is done.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
ARGS ?=
# one more than there are cores: tests of a browser and of processes wait much of their time
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.NOTPARALLEL:
.PHONY: help run test test-slow check format docs bench bench-peers fuzz drill baselines mutate certify calibrate validation compare-calibrations clean

help:
	@echo "make run        the bundled case: simulate it, compare responses, write the page (ARGS='--draws 50')"
	@echo "make test       every test that takes seconds (ARGS='tests/model -k people')"
	@echo "make test-slow  statistical and long tests"
	@echo "make check      lint, format, types"
	@echo "make bench      timings, written to benchmarks/RESULTS.md"
	@echo "make bench-peers  against C, NumPy, Mesa, epydemix and the EMA Workbench, to benchmarks/RESULTS-PEERS.md"
	@echo "make drill      runs killed, starved, spoiled and doubled at many points (ARGS='--points 20 --write')"
	@echo "make mutate     planted errors in model and effect: which do the tests see (ARGS='--only effect --again')"
	@echo "make baselines  figures of bundled cases and estimators that tests hold; demands a Numbers change line"
	@echo "make fuzz       a hundred thousand hostile files a parser (ARGS='--only plan --write')"
	@echo "make docs       the documentation site, in build/site; warnings are errors"
	@echo "make calibrate  posteriors of the bundled case with their gates, from the start (ARGS='--reading default')"
	@echo "make validation scores of years that were never fitted, patterns before and after, outside checks"
	@echo "make compare-calibrations  two calibration procedures on the same bank"
	@echo "make certify    measured error and coverage of the effect estimators"

run: $(VENV)/.core
	@$(BIN)/tregua run $(ARGS)

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "not slow" --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-slow: $(VENV)/.dev
	@$(BIN)/python -m pytest -m slow $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix src tests benchmarks
	@$(BIN)/ruff format src tests benchmarks

docs: $(VENV)/.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --clean --quiet --strict
	@echo "Open build/site/index.html in a browser; it needs no network."

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

PEERS := build/peers/mesa/.ready build/peers/epydemix/.ready build/peers/ema/.ready

bench-peers: $(VENV)/.dev $(PEERS)
	@$(BIN)/python -m benchmarks.peers $(ARGS)

build/peers/%/.ready: benchmarks/peers/requirements/%.txt constraints.txt
	@echo "Setting up a peer in build/peers/$*, once"
	@$(PYTHON) -m venv build/peers/$*
	@build/peers/$*/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --requirement $< || { echo "The set-up of $* failed. The first one needs the network."; exit 1; }
	@touch $@

drill: $(VENV)/.dev
	@$(BIN)/python tests/drills/drill.py $(ARGS)

baselines: $(VENV)/.dev
	@$(BIN)/python tests/baselines/record_baselines.py $(ARGS)

mutate: $(VENV)/.dev
	@$(BIN)/python tests/house/mutate.py $(ARGS)

fuzz: $(VENV)/.dev
	@$(BIN)/python tests/hostile/fuzz.py $(ARGS)

calibrate: $(VENV)/.core
	@$(BIN)/tregua calibrate --all --gate $(ARGS)

validation: $(VENV)/.core
	@$(BIN)/tregua validate $(ARGS)

compare-calibrations: $(VENV)/.core
	@$(BIN)/python benchmarks/compare_calibrations.py $(ARGS)

certify: $(VENV)/.effect
	@$(BIN)/python benchmarks/certify_effect.py $(ARGS)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) found. Install Python 3.11 or newer, or name one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tregua needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up in $(VENV), once: the core, about 0.7 GB on disk"
	@$(PIP) --editable . || { echo "The set-up failed. The first one needs the network; the message above says what was missing."; exit 1; }
	@echo "Compiling the model for this machine, once"
	@$(BIN)/python -c 'from tregua.model.simulate import compile_ahead; compile_ahead()'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up in $(VENV), once: every part and what the tests need, about 2.3 GB on disk"
	@$(PIP) --editable '.[dev]' || { echo "The set-up failed. The first one needs the network; the message above says what was missing."; exit 1; }
	@echo "Compiling the model for this machine, once"
	@$(BIN)/python -c 'from tregua.model.simulate import compile_ahead; compile_ahead()'
	@touch $(VENV)/.core $@

$(VENV)/.docs: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up in $(VENV), once: the core and what builds the site"
	@$(PIP) --editable '.[docs]' || { echo "The set-up failed. The first one needs the network; the message above says what was missing."; exit 1; }
	@touch $(VENV)/.core $@

$(VENV)/.effect: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up in $(VENV), once: the estimators, about 1 GB more on disk"
	@$(PIP) --editable '.[effect]' || { echo "The set-up failed. The first one needs the network; the message above says what was missing."; exit 1; }
	@touch $(VENV)/.core $@
