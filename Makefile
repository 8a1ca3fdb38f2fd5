# Two commands on a fresh machine: `make serve` and `make test`. Needs Python 3.11 or newer with venv, git and make.
PYTHON ?= python3
PORT   ?= 8866
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: kiosk bundle bench proxies serve test quick check evaluate notebooks schemas lock browser clean

serve: $(VENV)/.run
	@$(BIN)/coptip serve --port $(PORT)

kiosk: $(VENV)/.run
	@$(BIN)/coptip kiosk --port $(PORT)

test: $(VENV)/.test browser proxies
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/coptip check
	$(BIN)/coptip coverage
	$(BIN)/pytest --nbval-lax notebooks -q
	$(BIN)/pytest tests --ignore=tests/serve -n 2 --dist worksteal --durations=15
	$(BIN)/pytest tests/serve -n 2 --dist worksteal --durations=15

quick: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/coptip check
	$(BIN)/pytest tests -m "not browser and not install"

check: $(VENV)/.run
	$(BIN)/coptip check

evaluate: $(VENV)/.test
	$(BIN)/python -m tests.law.benchmark
	$(BIN)/python -m tests.language.evaluate_questions
	$(BIN)/python -m tests.language.evaluate_questions unseen-questions
	$(BIN)/python -m tests.language.evaluate_questions unseen-questions-b
	$(BIN)/python -m tests.language.evaluate_questions unseen-questions-c
	$(BIN)/python -m tests.language.evaluate
	$(BIN)/python -m tests.language.evaluate unseen-definitions.yaml
	$(BIN)/python -m tests.language.evaluate unseen-definitions-b.yaml

notebooks: $(VENV)/.run
	$(BIN)/coptip build

schemas: $(VENV)/.run
	$(BIN)/coptip schemas

# What is new in the lock files since a stamp is installed again; hashes are required, so nothing else can slip in.
$(VENV)/.run: requirements.txt pyproject.toml
	@echo "Preparing coptip (once; a few minutes on a slow line) ..."
	@$(PYTHON) -c 'import sys; sys.exit("coptip needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. Type: sudo apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Browser tests need Chromium. It is installed where that is permitted; otherwise one line says what to type.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ echo "Chromium is missing; installing it ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
	  { sudo -n apt-get update -qq && sudo -n apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
	  { echo "The browser tests need Chromium. Type: sudo apt-get install chromium"; exit 1; }; }

# The proxies' and the services' configuration is tested with the programs that read it.
proxies:
	@missing=""; for one in nginx:nginx-light caddy:caddy systemd-analyze:systemd; do \
	  command -v $${one%:*} >/dev/null || test -x /usr/sbin/$${one%:*} || missing="$$missing $${one#*:}"; done; \
	test -z "$$missing" || { echo "Installing$$missing ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null 2>&1 || \
	  { sudo -n apt-get update -qq && sudo -n apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null 2>&1 || \
	  { echo "Some tests need these. Type: sudo apt-get install$$missing"; exit 1; }; }

# Everything that an installation without internet needs, in the folder bundle/.
bundle: $(VENV)/.run
	@sh deploy/bundle.sh $(BIN)/python bundle

# Stock Voila, coptip and Panel beside each other, in seven minutes or so, 25 at most; Panel has an environment of its own.
bench: $(VENV)/.test browser
	@$(MAKE) --no-print-directory $(VENV)/.bench || echo "Panel cannot be had here; the others are measured without it."
	@$(BIN)/python -m bench.run --panel $(VENV)/bench/bin/panel

$(VENV)/.bench: bench/requirements.txt
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.txt
	@touch $@

# Lock files hold hashes and no addresses.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-header --no-annotate --quiet pyproject.toml --extra binder --extra build
lock:
	$(LOCK) -o requirements.txt
	$(LOCK) --extra test -c requirements.txt -o requirements-dev.txt
	$(filter-out pyproject.toml --extra binder build,$(LOCK)) bench/requirements.in -o bench/requirements.txt

clean:
	rm -rf $(VENV) dist build bundle .mypy_cache .ruff_cache .pytest_cache test-results
