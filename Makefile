# make install: only that. make demo: simulate, grade, check and report. make test: the tests. Both need only Python 3.11 and make.
.PHONY: install demo test test-slow coverage lint types bench clean
PYTHON ?= python3
BIN := .venv/bin

install: .venv/ready

demo: .venv/ready
	$(BIN)/cartox run table1 --patients 5000 --seed 1

test: .venv/dev
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-slow: .venv/dev
	$(BIN)/pytest -n 2 --dist loadgroup -m slow

coverage: .venv/dev
	$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=term

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev
	$(BIN)/mypy

bench: .venv/dev
	$(BIN)/pytest benchmarks --benchmark-only
	$(BIN)/python -m benchmarks.ratios

clean:
	rm -rf .venv build dist

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "cartox needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) .venv && uv pip install --quiet --python $(BIN)/python -c constraints.txt -e .; \
	else \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .; \
	fi
	@touch $@

.venv/dev: .venv/ready
	@if command -v uv >/dev/null; then \
	  uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@
