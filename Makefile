# `make demo` shows the product, `make test` proves it; both start from a bare checkout.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTENSION := $(VENV)/share/jupyter/labextensions/gemini-magic
SOURCES := pyproject.toml hatch_build.py $(wildcard gemini_magic/sandbox/guest/*) \
  $(wildcard labextension/src/*) $(wildcard labextension/schema/*) $(wildcard labextension/style/*) \
  labextension/package.json

.PHONY: demo lab test format notebooks benchmarks clean

demo: $(VENV)/lab
	@$(BIN)/gemini-magic prepare
	@echo
	@$(BIN)/gemini-magic demo
	@mkdir -p build
	@# The widgets' state is of no use in a page without a kernel.
	@GEMINI_MAGIC_ENGINE=offline $(BIN)/jupyter nbconvert --to html --execute --log-level=ERROR \
	  --ExecutePreprocessor.store_widget_state=False \
	  --output-dir build notebooks/01-first-run.ipynb 2>build/nbconvert.log \
	  || { cat build/nbconvert.log; exit 1; }
	@echo
	@echo "The notebook, executed:   build/01-first-run.html"
	@echo "The same in JupyterLab:   make lab"

lab: $(VENV)/lab
	$(BIN)/jupyter lab notebooks/01-first-run.ipynb

test: $(VENV)/test
	scripts/browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd labextension && npm run check && npm test
	$(BIN)/pytest
	GEMINI_MAGIC_ENGINE=offline GEMINI_MAGIC_STATIC=1 $(BIN)/pytest -p no:cacheprovider \
	  --nbval --nbval-current-env notebooks
	scripts/wheel $(BIN)/python

format: $(VENV)/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Executes the notebooks again and stores what they show.
notebooks: $(VENV)/test
	GEMINI_MAGIC_ENGINE=offline GEMINI_MAGIC_STATIC=1 $(BIN)/jupyter nbconvert --to notebook \
	  --execute --inplace notebooks/*.ipynb

benchmarks: $(VENV)/test
	$(BIN)/python benchmarks/line.py
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/view.py

# Each stamp says that the virtual environment holds the checkout with that extra. The install is
# editable; its build hooks make the sandbox's guest and the extension in the checkout.
$(VENV)/lab $(VENV)/test: $(SOURCES)
	@echo "installing into $(VENV), which takes a minute or two…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@# Through the link of an earlier install, this one would write into what it has just built.
	@rm -rf gemini_magic/labextension gemini_magic/static $(EXTENSION)
	@$(BIN)/python -m pip install --quiet --editable '.[$(notdir $@)]'
	@mkdir -p $(dir $(EXTENSION))
	@# The install copied what was built: a link in its place shows what is built later.
	@rm -rf $(EXTENSION)
	@ln -sfn $(CURDIR)/gemini_magic/labextension $(EXTENSION)
	@touch $@

clean:
	rm -rf $(VENV) build dist gemini_magic/labextension gemini_magic/static \
	  gemini_magic/sandbox/guest.wasm.gz* labextension/lib labextension/node_modules
