# `make demo` shows the product, `make quick` checks a change, `make test` proves all of it.
# Each starts from a bare checkout and needs Python and make alone: node comes from PyPI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Those that hold what they show: the first one, which asks to be run, holds nothing yet.
EXECUTED := $(filter-out notebooks/00-%,$(wildcard notebooks/*.ipynb))
EXTENSION := $(VENV)/share/jupyter/labextensions/gemini-magic
SOURCES := pyproject.toml hatch_build.py $(wildcard gemini_magic/sandbox/guest/*) \
  $(wildcard labextension/src/*) $(wildcard labextension/src/*/*) \
  $(wildcard labextension/schema/*) $(wildcard labextension/style/*) labextension/package.json
# Processes for the tests that start none.
WORKERS := 3
# What the quick door leaves out: see `markers` in pyproject.toml.
SLOW := browser or kernel or process or science or compile or growth or clock
# Without the plugin for notebooks, whose import takes a second.
PYTEST := $(BIN)/pytest -q --durations=10 -p no:nbval
# With the node of the environment: the system needs none.
NPM := cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent
# Checks run side by side, each one's lines together where make can do that (4.0 and later).
# Notebooks that are run here record into the checkout, and not into the user's home.
HERE := XDG_DATA_HOME="$(CURDIR)/build/data"
TOGETHER := --no-print-directory --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync) --jobs

# Here Python keeps what it compiles: the tests start it some hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo lab quick test torture format notebooks benchmarks clean

demo: $(VENV)/lab
	@$(BIN)/gemini-magic prepare
	@echo
	@$(BIN)/gemini-magic demo
	@mkdir -p build
	@# The widgets' state is of no use in a page without a kernel.
	@$(HERE) GEMINI_MAGIC_ENGINE=offline $(BIN)/jupyter nbconvert --to html --execute --log-level=ERROR \
	  --ExecutePreprocessor.store_widget_state=False \
	  --output-dir build notebooks/01-first-run.ipynb 2>build/nbconvert.log \
	  || { cat build/nbconvert.log; exit 1; }
	@echo
	@echo "The notebook, executed:   build/01-first-run.html"
	@echo "The same in JupyterLab:   make lab"

lab: $(VENV)/lab
	$(BIN)/jupyter lab notebooks/00-start-here.ipynb

quick: $(VENV)/test
	@$(MAKE) $(TOGETHER)=2 EXAMPLES=--hypothesis-profile=quick check-facts check-types check-extension check-script check-style

# What starts processes in two, which often wait, and beside them the rest one after the other; what
# holds a clock last and alone. The sandbox comes before: what waits for it would begin after the others.
test: $(VENV)/test prepared-science browser
	@$(MAKE) $(TOGETHER)=2 EXAMPLES=--hypothesis-profile=sample WORKERS=0 check-slow check-facts \
	  check-growth check-notebooks check-wheel check-types check-extension check-script check-style
	@$(MAKE) --no-print-directory check-clock

# The long suites, of which the others run a sample, and all examples of Hypothesis;
# `TORTURE_SEED=…` draws others. What they print at their end stands in docs/security.md.
torture: $(VENV)/test prepared-science browser
	$(PYTEST) -n 2 --dist worksteal --timeout 3000 -m torture
	$(PYTEST) -n 3 --dist worksteal -m "not ($(SLOW))"

.PHONY: check-style check-types check-extension check-script check-facts check-slow check-growth \
  check-clock check-notebooks check-wheel lowest prepared prepared-science browser

# Compiles the sandbox, once on a machine.
prepared:
	@$(BIN)/gemini-magic prepare

prepared-science: prepared
	@$(BIN)/gemini-magic prepare --science

browser:
	@scripts/browser

check-style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types:
	$(BIN)/mypy

check-extension:
	$(NPM) check

check-script:
	$(NPM) test

check-facts: prepared
	$(PYTEST) $(EXAMPLES) -n $(WORKERS) --dist worksteal -m "not ($(SLOW))"

# Files in the order in which pytest has them: those of the browser come last.
check-slow:
	$(PYTEST) $(EXAMPLES) -n 2 --dist loadfile --no-loadscope-reorder \
	  -m "(browser or kernel or science or process and not (growth or compile)) and not clock"

# Those of them that seldom wait.
check-growth: prepared
	$(PYTEST) -m "(growth or compile) and not (browser or kernel or science or clock)"

check-notebooks: prepared
	$(HERE) GEMINI_MAGIC_ENGINE=offline GEMINI_MAGIC_STATIC=1 $(BIN)/pytest -q -p no:cacheprovider \
	  --nbval --nbval-current-env $(EXECUTED)

check-clock: prepared-science
	$(PYTEST) -m clock

check-wheel: prepared
	scripts/wheel $(BIN)/python

# The oldest versions that pyproject.toml allows; CI runs it.
lowest: $(VENV)/test
	scripts/lowest $(BIN)/python

format: $(VENV)/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Executes the notebooks again and stores what they show.
notebooks: $(VENV)/test
	$(HERE) GEMINI_MAGIC_ENGINE=offline GEMINI_MAGIC_STATIC=1 $(BIN)/jupyter nbconvert --to notebook \
	  --execute --inplace $(EXECUTED)

benchmarks: $(VENV)/test
	$(BIN)/python benchmarks/line.py
	$(BIN)/python benchmarks/recordings.py
	$(BIN)/python benchmarks/rows.py
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/verify.py
	$(BIN)/python benchmarks/claims.py
	$(BIN)/python benchmarks/view.py

# Each stamp says that the virtual environment holds the checkout with that extra. The install is
# editable; its build hooks make the sandbox's guest and the extension in the checkout.
$(VENV)/lab $(VENV)/test: $(SOURCES)
	@test -x $(BIN)/python || scripts/environment $(PYTHON) $(VENV)
	@echo "installing into $(VENV), which takes a minute or two…"
	@# Through the link of an earlier install, this one would write into what it has just built.
	@rm -rf build/labextension gemini_magic/views/static $(EXTENSION)
	@# Python compiles what it imports; most of what is installed here it never does.
	@$(BIN)/python -m pip install --quiet --no-compile --editable '.[$(notdir $@)]'
	@mkdir -p $(dir $(EXTENSION))
	@# The install copied what was built: a link in its place shows what is built later.
	@rm -rf $(EXTENSION)
	@ln -sfn $(CURDIR)/build/labextension $(EXTENSION)
	@# The sandbox's processes write nothing, so that each would compile this once more.
	@$(BIN)/python -m compileall -q gemini_magic/sandbox/child
	@touch $@

clean:
	rm -rf $(VENV) build dist gemini_magic/views/static \
	  gemini_magic/sandbox/guest.wasm.gz* labextension/lib labextension/node_modules
