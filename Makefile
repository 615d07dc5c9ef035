# `make` builds the book, releases the problem sets and grades a sample class.
# `make test` runs the tests. Both set up .venv first, once.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
BOOK := build/textbook/_build/html/index.html
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export BOOK_CACHE := $(CURDIR)/build/executed

.PHONY: all book course-edition demo test lint bench constraints clean

all: book demo
	@echo
	@echo "book:      $(CURDIR)/$(BOOK)"
	@echo "gradebook: $(CURDIR)/build/demo/gradebook.db"
	@echo "feedback:  $(CURDIR)/build/demo/feedback/ada-right/ps1/ps1.html"

$(INSTALLED): requirements.txt .ci/constraints.txt pyproject.toml
	@echo "Setting up .venv (a minute or two, once) ..."
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -r requirements.txt -e . -c .ci/constraints.txt
	@touch $@

book: $(INSTALLED)
	EDITION=textbook $(BIN)/jupyter-book build -W -n --keep-going --path-output build/textbook .

course-edition: $(INSTALLED)
	EDITION=course $(BIN)/jupyter-book build -W -n --keep-going --path-output build/course .

demo: $(INSTALLED)
	$(BIN)/course demo build/demo

test: $(INSTALLED) lint
	$(BIN)/pytest -n 2 --dist loadgroup

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(INSTALLED)
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(BIN)/python -m tests.benchmarks.run
	$(BIN)/python -m tests.benchmarks.grading

# The exact versions of the environment as it is, for builds to come.
constraints: $(INSTALLED)
	$(BIN)/pip freeze --exclude-editable | grep -v '^torch' > .ci/constraints.txt
	@touch $(INSTALLED)

clean:
	rm -rf build
