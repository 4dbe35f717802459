# Two commands for a newcomer: `make demo` and `make test`. Everything else calls `setup` by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PACKAGES := bot handlers keitaro paper storage sandbox

.DEFAULT_GOAL := help
.PHONY: help setup demo pictures run new-key test torture interleavings canary sweep check bench bench-lists bench-files bench-hostile bench-page format requirements clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## create the virtual environment (done once, by every other target too)

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.11")'
	@echo "setting up $(VENV) (once, about half a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(STAMP) ## try the bot in the browser or here, against a Telegram and a tracker on this machine (ARGS=--once: only the tour)
	@$(BIN)/python -m sandbox $(ARGS)

pictures: $(STAMP) ## take the pictures of the demo for the README anew (needs Debian's chromium)
	@$(BIN)/python -m tests.pictures

run: $(STAMP) ## run the bot with the settings in .env
	@$(BIN)/python -m bot run

new-key: $(STAMP) ## print a new BOT_SECRET_KEY
	@$(BIN)/python -m bot new-key

test: $(STAMP) ## run the tests, with coverage (ARGS=... goes to pytest, without coverage)
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest --numprocesses auto --dist loadfile
	@$(BIN)/coverage combine --quiet 2>/dev/null
	@rm -f .coverage.*  # half files, of processes that were killed
	@$(BIN)/coverage report
endif

torture: $(STAMP) ## try every parser and renderer with 10,000 cases, and kill the bot very often (KILLS=500 MODE=both SEED= WORKERS=3)
	@PROPERTY_EXAMPLES=10000 $(BIN)/python -m pytest -q --numprocesses auto $(PROPERTIES)
	@$(BIN)/python -m tests.torture --kills $(or $(KILLS),500) --mode $(or $(MODE),both) \
		--seed $(or $(SEED),20261122) --workers $(or $(WORKERS),3)

PROPERTIES := tests/test_properties.py tests/test_keitaro_address.py tests/test_keitaro_framing.py tests/test_keitaro_guard.py tests/test_attack_people.py

interleavings: $(STAMP) ## let operators, the panel and lost answers meet in a thousand orders (RUNS=1000 SEED=)
	@$(BIN)/python -m tests.weaving --runs $(or $(RUNS),1000) --seed $(or $(SEED),20261122)

canary: $(STAMP) ## look for secrets in everything that leaves the process, or is left by it (long)
	@CANARY=1 $(BIN)/python -m pytest -q tests/test_canary.py $(ARGS)

sweep: $(STAMP) ## kill the bot at every call to the system, one after the other (long; needs strace)
	@SWEEP=1 $(BIN)/python -m pytest -rA --log-level=INFO tests/test_process_sweep.py $(ARGS)

check: $(STAMP) ## format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMP) ## measure what safety costs, about ten minutes (ARGS=--quick: one)
	@$(BIN)/python -m bench $(ARGS)

bench-lists: $(STAMP) ## measure a list of 500 streams against the ideal, half a minute
	@$(BIN)/python -m bench.lists $(ARGS)

bench-files: $(STAMP) ## measure files of 100,000 rows, and whom they hold up, half a minute
	@$(BIN)/python -m bench.files $(ARGS)

bench-hostile: $(STAMP) ## measure what attackers cost, and those who only want an answer meanwhile, a minute
	@$(BIN)/python -m bench.hostile $(ARGS)

bench-page: $(STAMP) ## measure how long a newcomer waits for the first answer, half a minute (needs Debian's chromium)
	@$(BIN)/python -m bench.page $(ARGS)

format: $(STAMP) ## format the code and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

requirements: $(STAMP) ## pin the newest versions in requirements*.txt
	@$(PYTHON) -m venv $(VENV)-pin
	@$(VENV)-pin/bin/pip install --quiet pip-tools
	@$(VENV)-pin/bin/python -m piptools compile $(PIN) -o requirements.txt pyproject.toml
	@$(VENV)-pin/bin/python -m piptools compile $(PIN) --extra dev -o requirements-dev.txt pyproject.toml
	@rm -rf $(VENV)-pin

PIN := --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean: ## remove what the other targets made, but never data/
	@rm -rf $(VENV) dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
