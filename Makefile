# `make` builds the book, releases the problem sets and grades a sample class.
# `make test` runs the tests. Both set up .venv first, once. `make help` lists the rest.

PYTHON ?= python3
PY := .venv/bin/python
INSTALLED := .venv/installed
TESTERS := .venv/installed-tests
STUDENTS ?= 60
BOOK := build/textbook/_build/html/index.html
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1
export BOOK_CACHE := $(CURDIR)/build/executed
.DELETE_ON_ERROR:

.PHONY: all help setup book course-edition live poster pdf site demo demo-term test test-thorough lint bench lock clean distclean

all: book poster demo
	@echo
	@echo "Open this first, the book:   $(CURDIR)/$(BOOK)"
	@echo "A student's feedback:        $(CURDIR)/build/demo/feedback/dina-wrong-deltas/ps1/ps1.html"
	@echo "The sample class, a course:  $(CURDIR)/build/demo"

help:
	@echo "make                 the book, and a sample class graded"
	@echo "make setup           .venv/ with all that tests and lint need, and nothing built"
	@echo "make test            the tests, with what they need beyond"
	@echo "make test-thorough   all values of the tests that try some of very many, too: hours"
	@echo "make book            the book alone;  make course-edition: without solutions"
	@echo "make live            fetches Python for problem sets that are worked on in their pages"
	@echo "make poster          Backpropagation on one page, A2, as PDF and SVG"
	@echo "make pdf             the whole book as one PDF, where Chromium is found"
	@echo "make site            both editions and the PDF, as a folder for any web server"
	@echo "make demo            the sample class alone"
	@echo "make demo-term       a whole term of sixty, by every command;  STUDENTS=12 is quicker"
	@echo "make lint            style, types and layers of the code, docstrings of the package"
	@echo "make bench           the benchmarks, for half an hour"
	@echo "make lock            resolve the exact versions anew;  UPGRADE=--upgrade takes newer ones"
	@echo "make clean           removes build/;  make distclean: .venv/, too"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv, once: 140 MB to fetch, 500 MB on disk, one to five minutes."
	@$(PYTHON) -m venv .venv
	@touch $@

$(INSTALLED): .ci/locked.txt pyproject.toml .venv/made
	@$(PY) .ci/install.py .ci/locked.txt
	@touch $@

$(TESTERS): .ci/locked-tests.txt $(INSTALLED)
	@echo "Adding what the tests need to .venv, once: 100 MB to fetch, 450 MB more on disk."
	@$(PY) .ci/install.py .ci/locked-tests.txt
	@touch $@

setup: $(TESTERS)
	@echo "Set up. All tests: make test. Some: .venv/bin/pytest tests/backprop -k jacobian"

book: $(INSTALLED)
	@echo "Building the book: two to four minutes the first time, then seconds."
	@$(PY) .ci/build_book.py textbook

course-edition: $(INSTALLED)
	@echo "Building the edition for a course, without solutions."
	@$(PY) .ci/build_book.py course

live: $(INSTALLED)
	@echo "Fetching Python for the pages, once: 30 MB; make book then builds with it."
	@$(PY) -m book._ext.live build/live

poster: $(INSTALLED)
	@$(PY) -m book._ext.poster build

pdf: book
	@$(PY) -m book.pdf build/textbook/_build/html build/backpropagation.pdf

site: $(INSTALLED)
	@echo "Building both editions, to be published: five to ten minutes the first time."
	@$(PY) -m book._ext.live build/live || true
	@$(PY) .ci/build_site.py build/site

demo: $(INSTALLED)
	@echo "Releasing problem set 1 and grading a sample class of eight."
	@$(PY) -m coursekit demo build/demo

demo-term: $(INSTALLED)
	@echo "Going through a term of $(STUDENTS) students: five to ten minutes on two cores."
	@$(PY) -m coursekit demo-term build/demo-term --students $(STUDENTS)

test: $(TESTERS) lint
	@echo "Running the tests: twenty minutes to an hour on two cores."
	$(PY) -m pytest -n 2 --dist loadgroup

test-thorough: $(TESTERS) lint
	@echo "Running the tests with all their values: one to three hours on two cores."
	$(PY) -m pytest -n 2 --dist loadgroup --thorough

lint: $(TESTERS)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) tests/backprop/docstring_rules.py
	@$(PY) -m mypy
	@$(PY) .venv/bin/lint-imports --no-cache --no-logo

bench: $(TESTERS)
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(PY) -m tests.benchmarks.run
	$(PY) -m tests.benchmarks.grading

lock: $(TESTERS)
	PATH="$(CURDIR)/.venv/bin:$$PATH" $(PY) .ci/lock.py $(UPGRADE)

clean:
	rm -rf build
	@echo "Removed build/. What stays: .venv/ (make distclean removes it)."

distclean: clean
	rm -rf .venv
