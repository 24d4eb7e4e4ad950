# Every target makes the environment it needs in .venv; nothing has to be installed beforehand but
# Python 3.11 or later and make. The only use of the network is pip's.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help venv run test coverage lint checks derived docs wheel browser bench constraints clean

CASE ?= mali
DATE ?= 2025-10-15
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INPUTS := pyproject.toml constraints.txt

# The pins hold for the builder too, which pip fetches into an environment of its own: older pips read
# the first variable there, newer ones the second. As an address, so that the path may hold a space.
EMPTY :=
PINS := file://$(subst $(EMPTY) $(EMPTY),%20,$(CURDIR))/constraints.txt
export PIP_CONSTRAINT := $(PINS)
export PIP_BUILD_CONSTRAINT := $(PINS)

export PYTHONDONTWRITEBYTECODE := 1
export MPLBACKEND := Agg

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

venv: $(VENV)/.test  ## Make .venv with everything that the checks need

run: $(VENV)/.run  ## Show the state of the supply routes (CASE=mali DATE=2025-10-15)
	@$(BIN)/supplyroutes run --case $(CASE) --date $(DATE)

# Quick checks first; the tests last, so that their summary is the last line.
test: lint checks wheel browser  ## Run every check: style, types, data, wheel, tests, examples, notebooks
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --nbmake --doctest-glob='*.md' README.md docs/*.md docs/guide/*.md tests supplyroutes notebooks

# Counting lines nearly doubles the time: it is asked for by itself, and fails below the share in pyproject.toml.
coverage: $(VENV)/.test  ## Count which lines and branches the tests run
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term --doctest-glob='*.md' README.md docs/*.md docs/guide/*.md tests supplyroutes

lint: $(VENV)/.test  ## Run the quick checks: style, types, spelling, docstrings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/nbstripout --verify notebooks/*.ipynb
	$(BIN)/python tools/check_docstrings.py

checks: $(VENV)/.test
	$(BIN)/python tools/derive_supply.py --check
	$(BIN)/python tools/model_page.py --check
	$(BIN)/python tools/shortages.py --check
	$(BIN)/python tools/explanations.py --check
	$(BIN)/python tools/flows.py --check
	$(BIN)/python tools/readme.py --check

# In this order: pages show what follows from tables.
derived: $(VENV)/.test  ## Write anew the tables and pages that follow from the data
	$(BIN)/python tools/derive_supply.py
	$(BIN)/python tools/model_page.py
	$(BIN)/python tools/shortages.py
	$(BIN)/python tools/explanations.py
	$(BIN)/python tools/flows.py
	$(BIN)/python tools/readme.py

# From nothing each time: what is made from the package is not seen by Sphinx to be out of date.
docs: $(VENV)/.docs  ## Make the site, to be read offline, in build/docs
	rm -rf build/docs build/doctrees
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -d build/doctrees docs build/docs
	@echo "Open build/docs/index.html"

# The source archive, the wheel made from it, and the wheel at work in an environment of its own,
# from a folder where the checkout cannot be imported by accident.
wheel: $(VENV)/.test
	rm -rf build/dist build/smoke
	$(BIN)/python -m build --no-isolation --outdir build/dist .
	mkdir -p build/smoke
	$(BIN)/python -m venv build/smoke/venv
	build/smoke/venv/bin/python -m pip --disable-pip-version-check --quiet install build/dist/*.whl
	cd build/smoke && venv/bin/python -I -c "import supplyroutes"
	cd build/smoke && venv/bin/supplyroutes run --case $(CASE) --date $(DATE) --json > run.json
	cd build/smoke && venv/bin/python -I -m json.tool run.json > /dev/null
	rm -rf build/smoke

# Pages are looked at in a browser, and films made by ffmpeg, where they are: as root on Debian they
# are installed, elsewhere the tests that need them are left out, with a reason.
browser:
	@missing=; for name in chromium ffmpeg; do command -v $$name >/dev/null || missing="$$missing $$name"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing$$missing, which tests look at pages and films with ..." >&2; \
	    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >&2 || \
	    echo "They could not be installed: the tests that need them are left out." >&2; \
	fi

bench: $(VENV)/.test  ## Run the benchmarks
	$(BIN)/python benchmarks/run.py

constraints: $(VENV)/.base  ## Pin anew, with Python 3.11, what `.[all,test]` brings in
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "constraints.txt is made with Python 3.11")'
	rm -rf build/pins && $(BIN)/python -m venv build/pins
	PIP_CONSTRAINT= PIP_BUILD_CONSTRAINT= build/pins/bin/python -m pip --disable-pip-version-check --quiet install '.[all,test]'
	build/pins/bin/python -m pip freeze --exclude supplyroutes | LC_ALL=C sort -f > build/pins/constraints.txt
	! grep -vE '^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$$' build/pins/constraints.txt
	mv build/pins/constraints.txt constraints.txt
	rm -rf build/pins

clean:  ## Remove the environment, builds and caches
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environment ---------------------------------------------------------------------------------
# .base: an empty environment. .run: the package and its core dependencies. .docs: what makes the
# site too. .test: the checks too.

$(VENV)/.run: $(VENV)/.base $(INPUTS)
	@echo "Installing supplyroutes into $(VENV) ..." >&2
	@$(PIP) install -e .
	@touch $@

$(VENV)/.docs: $(VENV)/.base $(INPUTS)
	@echo "Installing supplyroutes and what makes its site into $(VENV) ..." >&2
	@$(PIP) install -e '.[docs]'
	@touch $(VENV)/.run $@

$(VENV)/.test: $(VENV)/.base $(INPUTS)
	@echo "Installing supplyroutes and its checks into $(VENV) ..." >&2
	@$(PIP) install -e '.[test]'
	@touch $(VENV)/.run $(VENV)/.docs $@

# PYTHON=... chooses the interpreter. A name on the path may not work (pyenv), so each is tried.
# Debian keeps ensurepip in a package of its own: as root it is installed, else it is named.
$(VENV)/.base:
	@python=; \
	for name in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "supplyroutes needs Python 3.11 or later and found none. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installing $$package, which $$python needs to make an environment ..." >&2; \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" >&2; \
	    else \
	        echo "$$python cannot make an environment: its venv module is incomplete. On Debian or Ubuntu: sudo apt-get install $$package" >&2; \
	        exit 1; \
	    fi; \
	fi; \
	"$$python" -m venv --clear $(VENV)
	@touch $@
