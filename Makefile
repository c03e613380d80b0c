# Two commands on a fresh machine: `make demo` and `make test`. Both build .venv first.
PYTHON ?= python3
SERVE ?= yes
HOST ?= 127.0.0.1
PORT ?= 3000
PURVEY_HOME ?= .purvey
BIN := .venv/bin
export BENTOML_DO_NOT_TRACK := True
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := 1
export UV_SYSTEM_CERTS := true
# compiling all imports anew takes a command nine seconds
unexport PYTHONDONTWRITEBYTECODE
export OMP_WAIT_POLICY := PASSIVE

.PHONY: setup demo test lint browser servers bento images sbom licences audit screenshots lock clean

setup: .venv/installed

.venv/installed: requirements.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Purvey needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/purvey demo $(if $(filter no,$(SERVE)),--no-serve,--serve --host $(HOST) --port $(PORT))

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Debian's Chromium for the browser tests, where it is missing and we may install it; without it they are skipped.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } \
	  || echo "Chromium was not installed (needs root and apt-get); the browser tests will be skipped"

# Debian's PostgreSQL for the state tests on both databases, likewise; the tests start and end their own server.
servers:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postgresql postgresql-client >/dev/null; } \
	  || echo "PostgreSQL was not installed (needs root and apt-get); its tests will be skipped"

# The service as a Bento, built and asked on a copy of HOME_DIR, one with a champion and a plan.
HOME_DIR ?= demo/home
bento: setup
	$(BIN)/python -m deploy.check_bento $(HOME_DIR)

# The images, as far as they can be checked without an engine.
images: setup
	$(BIN)/python -m deploy.check_images --build

# The bill of materials of what is installed (CycloneDX), and the licences of what runs.
sbom: setup
	@mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json $(BIN)/python
licences: setup
	$(BIN)/python -m deploy.licences > docs/licences.md

# Known holes in what is installed, where the service that knows them can be reached.
audit: setup
	$(BIN)/python -m deploy.audit

# The README's pictures, of a home with plans.
screenshots: setup browser
	$(BIN)/python -m benchmarks.screenshots --home $(PURVEY_HOME)

# Pin anew: within pyproject's bounds, every wheel by its hash, without naming an index.
lock: setup
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev --extra demo --extra mcp --extra postgres pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .purvey demo
