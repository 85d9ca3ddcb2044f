# The two commands of README's first screen are `make demo` and `make test`. Nothing here calls sudo.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
JOBS ?= 2
export PATH := $(CURDIR)/$(BIN):$(PATH)
# If it is set, as in many containers, each process that a test starts would compile this package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all fast check build bench format clean help

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY)  ## create and grade a class of 30 made-up students
	@$(BIN)/python -m autograder demo

test: check  ## every test, except the controls of the attacks
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder -m 'not nightly'
	$(BIN)/python -m autograder audit --seeds 3

test-all: check  ## those too: attacks on a naive grader; once a night
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder
	$(BIN)/python -m autograder audit --seeds 3

fast: $(READY)  ## the tests that take seconds
	$(BIN)/python -m pytest -n $(JOBS) -m 'not slow and not nightly'

check: $(READY)  ## format, lint, types, architecture, language, built files
	$(BIN)/ruff format --check autograder tests benchmarks
	$(BIN)/ruff check autograder tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_language.py
	$(BIN)/python -m autograder build --check

build: $(READY)  ## build solutions/ and assignments/ from the lesson sources
	$(BIN)/python -m autograder build

bench: $(READY)  ## measure isolation, feedback and grading, as ratios; figures and pictures in .bench/
	@mkdir -p .bench
	$(BIN)/python benchmarks/sandbox.py --json .bench/sandbox.json
	$(BIN)/python benchmarks/feedback.py --json .bench/feedback.json
	$(BIN)/python benchmarks/grade.py further start pictures sizes cores phases writer peers --json .bench/grade.json --pictures .bench

format: $(READY)  ## format the code with ruff
	$(BIN)/ruff format autograder tests benchmarks
	$(BIN)/ruff check --fix autograder tests benchmarks

clean:  ## delete the environment and everything that these commands made
	rm -rf $(VENV) .demo .bench build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
