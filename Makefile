# Everything a fresh machine needs is done by these targets. They need Python 3.11 or later with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
# one more than processors: some tests wait, for a browser, a server, Spark
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
unexport PYTHONDONTWRITEBYTECODE  # processes start by the hundred: none of them compiles what the one before compiled

.PHONY: setup spark demo test test-postgresql lint bench load simulate docs lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml src/vigie/locale/fr/LC_MESSAGES/vigie.po src/vigie/locale/en/LC_MESSAGES/vigie.po
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Vigie needs Python 3.11 or later. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/pybabel --quiet compile --directory src/vigie/locale --domain vigie
	@touch $(READY)

spark: setup $(SPARK) ## the engine for data that outgrow one machine, where there is Java

$(SPARK): requirements-spark.lock $(READY)
	@if command -v java >/dev/null; then \
	  $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-spark.lock && touch $(SPARK); \
	else echo "No Java here: what runs on Spark is not tested."; fi

demo: setup ## a complete demonstration study, run, and open for reading
	$(BIN)/vigie demo demo

test: setup spark lint ## lint, types, import contracts, tests and docs
	$(MAKE) --no-print-directory test-postgresql
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

test-postgresql: setup ## the tests of the site again, on a PostgreSQL of their own
	$(BIN)/python tests/postgresql.py $(BIN)/pytest -n $(WORKERS) --dist loadgroup --ignore-glob='*/test_browser_*' tests/web

lint: setup
	$(BIN)/ruff format --check --quiet src tests scripts
	$(BIN)/ruff check --quiet src tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup spark ## speed and memory beside peers; prints a table and writes docs/why/performance.md
	$(BIN)/python scripts/bench.py --write docs/why/performance.md

load: setup ## how fast the site answers under load; writes docs/why/site-performance.md
	$(BIN)/python scripts/load.py --write docs/why/site-performance.md
	$(BIN)/python tests/postgresql.py --durable $(BIN)/python scripts/load.py --database {} --write docs/why/site-performance.md
	$(BIN)/python scripts/load_explorer.py --write docs/why/site-performance.md

simulate: setup ## coverage of intervals and rank sets, errors of letters; writes coverage.md, letters.md and waves.md of docs/why
	$(BIN)/python scripts/simulate.py --write docs/why/coverage.md
	$(BIN)/python scripts/simulate.py --letters docs/why/letters.md
	$(BIN)/python scripts/simulate.py --waves docs/why/waves.md

docs: setup ## the generated pages of docs/reference
	$(BIN)/python scripts/reference.py

lock: ## pin every dependency anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --quiet \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --extra spark --universal --generate-hashes --no-header --quiet \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 -c requirements.lock -o requirements-spark.lock
	$(BIN)/uv pip compile pyproject.toml --extra postgresql --universal --generate-hashes --no-header --quiet \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 -c requirements.lock -o requirements-site.lock

clean:
	rm -rf .venv demo
