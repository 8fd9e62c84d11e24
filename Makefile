# Every command that the project needs. Nothing has to be prepared: each target makes .venv by itself, from a plain
# Python 3.11 or newer, with exactly the versions and hashes of requirements.lock, and is quick the second time.
#
#   make PYTHON=python3.12 ...    another Python
#   make test ARGS="-k words"     more words for the command behind a target

PYTHON ?= python3
ARGS ?=
DATA ?=
N ?= 5
BUSY ?= 4

# Benchmarks that need nothing, and those that need labelled sets.
SPEED := startup score_rate sentiment_speed vader_parity pipeline collect hostile_feeds similar delivery_faults slack_app_load
QUALITY := detection_quality learning_curve stage_curve theme_quality

BIN := .venv/bin
READY := .venv/.stamp
CODE := monitor sources rules tests .ci $(wildcard benchmarks)

# A person's own pip settings (index, proxy, certificates) are respected, except those that would install elsewhere.
unexport PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_DRY_RUN
export PIP_USER := 0
export PIP_REQUIRE_HASHES := 0
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv hooks demo run test soak coverage lint style types imports format reference bench lock wheel ci clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

venv: $(READY) ; @:

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "repwatch needs Python 3.11 or newer, and $(PYTHON) is not: try  make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "making .venv" >&2; $(PYTHON) -m venv --clear .venv; }
	@echo "installing what requirements.lock names (about half a minute)" >&2
	@{ $(PIP) install --no-compile --require-hashes -r requirements.lock && \
	   $(PIP) install --no-compile --no-deps --no-build-isolation --editable .; } >.venv/install.log 2>&1 || \
	  { tail -n 20 .venv/install.log >&2; echo "the installation failed; all of it stands in .venv/install.log" >&2; exit 1; }
	@touch $@

hooks: $(READY) ## check style, types and the message at each commit, from now on
	@$(BIN)/python -m pre_commit install

demo: $(READY) ## the whole path on recorded feedback: no account, no network, ends by itself
	@$(BIN)/python -m monitor demo $(ARGS)

run: $(READY) ## watch what config.toml names, until stopped
	@test -n "$(ARGS)" -o -f config.toml || { echo "there is no config.toml yet: make one with  $(BIN)/repwatch init" >&2; exit 1; }
	@exec $(BIN)/python -m monitor run $(ARGS)

test: $(READY) ## every test, in parallel and in random order
	$(BIN)/python -m pytest -n auto $(ARGS)

soak: $(READY) ## the tests N times in other orders, beside BUSY busy loops
	@$(BIN)/python -m tests.soak --times $(N) --busy $(BUSY) $(ARGS)

coverage: $(READY) ## what the unit tests cover, beside a floor that only rises
	$(BIN)/python -m pytest -n auto --cov --cov-report= tests/unit $(ARGS)
	$(BIN)/python -m coverage report --fail-under=0
	$(BIN)/python .ci/coverage_floor.py

lint: style types imports ## style, types and the rows of imports

style: $(READY)
	$(BIN)/python -m ruff check $(CODE)
	$(BIN)/python -m ruff format --check $(CODE)

types: $(READY) ## mypy, strict, on the code and on the tests
	$(BIN)/python -m mypy $(ARGS)
	$(BIN)/python -m mypy .ci/*.py

imports: $(READY)
	$(BIN)/lint-imports --no-cache --no-logo

format: $(READY) ## put the code into the house layout
	$(BIN)/python -m ruff check --fix $(CODE)
	$(BIN)/python -m ruff format $(CODE)

reference: $(READY) ## write anew what the reference of rules says of each condition, from its code
	@$(BIN)/python .ci/conditions_reference.py

bench: $(READY) ## measure speed; DATA=DIR measures quality too, on labelled sets (docs/reference/problem-model.md)
	@for name in $(SPEED); do \
	  echo "== $$name" >&2; $(BIN)/python "benchmarks/$$name.py" $(ARGS) || exit 1; \
	done
	@for name in $(if $(DATA),$(QUALITY)); do \
	  echo "== $$name" >&2; $(BIN)/python "benchmarks/$$name.py" --data "$(DATA)" || exit 1; \
	done

COMPILE = $(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock"

lock: $(READY) ## write the locks anew; ARGS=--upgrade takes the newest versions
	@$(PIP) install uv
	$(COMPILE) --extra postgres --group dev --group build $(ARGS) -o requirements.lock pyproject.toml
	$(COMPILE) --extra postgres --extra google-play --extra charts -c requirements.lock -o requirements-run.lock pyproject.toml
	$(COMPILE) --group build -c requirements.lock -o requirements-build.lock

wheel: $(READY) ## build dist/*.whl
	@$(BIN)/python -m hatchling build -t wheel $(ARGS)

ci: ## all that must hold before a change is merged
	@.ci/run

clean: ## remove the environment and everything that was built
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find monitor sources rules tests -name __pycache__ -type d -prune -exec rm -rf {} +
