# Everything runs in .venv, made here from pyproject.toml; nothing else is touched.
.PHONY: demo test setup lint types contracts check samples reports golden bench fuzz wheel clean
PYTHON ?= python3
BIN := .venv/bin

demo: setup  ## the report of a sample bundle
	$(BIN)/logclass report sample_logs/partial_rollout/bundle -o demo/partial_rollout.html
	@echo "open demo/partial_rollout.html"

test: setup  ## all tests
	$(BIN)/python -m pytest

setup: .venv/.done
.venv/.done: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup  ## imports point down only
	$(BIN)/lint-imports

check: lint types contracts test compare

reports: setup  ## render the sample bundles anew
	$(BIN)/python reports/render.py
	$(BIN)/python docs/render.py

compare: setup  ## reports/ is what the code renders
	$(BIN)/python reports/render.py --check
	$(BIN)/python docs/render.py --check

wheel: setup  ## build the wheel and try it in an empty environment
	rm -rf dist build/wheel
	$(BIN)/python -m build --wheel --outdir dist . >/dev/null
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install -q --disable-pip-version-check dist/*.whl
	cd build && wheel/bin/logclass --version && wheel/bin/logclass explain 'JsonWebTokenError: jwt malformed' >/dev/null

samples: setup  ## make the sample bundles anew: needs node, go and the package registries
	sample_logs/make/make.sh

bench: setup  ## throughput and memory beside rg and DuckDB
	$(BIN)/python bench/run.py

fuzz: setup  ## the property tests, for long
	LOGCLASS_FUZZ_EXAMPLES=5000 $(BIN)/python -m pytest tests/laws

clean:
	rm -rf .venv build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
