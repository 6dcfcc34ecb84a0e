# make demo   build the sample notes, ask a question, write build/graph.ttl and build/graph.html
# make test   install what the tests need and run them all
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GRAPH := build/graph

.PHONY: demo test check bench bench-scale bench-serve bench-view javascript gold gold-review ontology-docs lock clean faults fuzz coverage audit nightly

$(BIN)/kg: requirements.txt pyproject.toml hatch_build.py editor/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kg needs Python 3.11 or later; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/tests-installed: $(BIN)/kg requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(BIN)/kg
	$(BIN)/kg build notes -o $(GRAPH)
	@echo
	@echo "Which notes mention Portugal, on what line, at what second?"
	$(BIN)/kg -g $(GRAPH) query 'SELECT ?n ?l ?s {?p :names country:PT; :note ?n; :line ?l OPTIONAL{?p :at/:second ?s}} ORDER BY ?n'
	@echo
	$(BIN)/kg -g $(GRAPH) export -o build/graph.ttl
	$(BIN)/kg -g $(GRAPH) view -o build/graph.html
	@echo "The graph as Turtle: build/graph.ttl"
	@echo "The page to open:    build/graph.html"

test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/tests-installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Every call that touches the disk fails in turn (40 minutes); make test tries some of them.
faults: $(VENV)/tests-installed
	KG_FAULTS_STRIDE=1 KG_KILLS=500 KG_SOAK=60 KG_SIGNALS=30 $(BIN)/python -m pytest tests/faults

# Ten minutes for each target; what breaks it is kept in build/fuzz, and so is what it learned, for the next time.
# atheris has no wheels for every Python and system.
FUZZ_SECONDS ?= 600
FUZZED ?= note front stamps query triples decisions
fuzz: $(VENV)/tests-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris || { echo "no atheris for this Python: make test runs the targets by hypothesis" >&2; exit 1; }
	for target in $(FUZZED); do mkdir -p build/fuzz/$$target && PYTHONPATH=. $(BIN)/python tests/fuzz_targets.py $$target build/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/$$target- || exit 1; done

# Every branch of what keeps the graph whole and queries harmless.
COVERED := kg/store.py,kg/checksums.py,kg/locks.py,kg/files.py,kg/guard.py
coverage: $(VENV)/tests-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check coverage
	$(BIN)/python -m coverage run --data-file=build/coverage --branch --source=kg -m pytest -q tests/test_store.py tests/test_broken_things.py tests/test_laws.py tests/faults/test_damage.py
	$(BIN)/python -m coverage report --data-file=build/coverage --include=$(COVERED) --show-missing --fail-under=100

# Known weaknesses of what is pinned. It asks pypi.org or osv.dev, and says so where neither can be reached.
audit: $(VENV)/tests-installed
	$(BIN)/python bench/audit.py

# What takes hours: every fault, ten minutes of fuzzing for each target, every branch, known weaknesses.
nightly: test faults fuzz coverage audit

bench: $(VENV)/tests-installed
	$(BIN)/python bench/build.py
	$(BIN)/python bench/query.py
	$(BIN)/python bench/export.py

bench-scale: $(VENV)/tests-installed
	$(BIN)/python bench/scale.py

# Many clients at once, endless queries, 50,000 requests, sockets that trickle; five minutes.
bench-serve: $(VENV)/tests-installed
	$(BIN)/python bench/serve.py

# The page in headless Chromium: what it costs to make, to open and to move in; pictures of every mode in build/screens.
bench-view: $(VENV)/tests-installed
	$(BIN)/python bench/view.py --screens build/screens

# Readers of RDF and axe-core, which tests use; needs npm, and stays out of the tree. Without it those tests are skipped.
javascript: build/javascript/package.json

build/javascript/package.json: tests/javascript/package.json
	mkdir -p $(@D)
	cp $< $@
	cd $(@D) && npm install --no-package-lock --no-audit --no-fund --silent || { rm package.json; exit 1; }

gold: $(BIN)/kg
	$(BIN)/python bench/gold.py

gold-review: $(BIN)/kg
	$(BIN)/python bench/gold_review.py

ontology-docs: $(BIN)/kg
	$(BIN)/python docs/ontology/page.py

# Pins with hashes, for every Python and system; no address of any registry is written.
lock: $(VENV)/tests-installed
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --upgrade -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -c requirements.txt --upgrade -o requirements-dev.txt
	cd editor && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:
	rm -rf $(VENV) build dist kg/serve/assets/editor
