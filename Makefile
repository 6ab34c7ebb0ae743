# `make` lists what one can do.
.DEFAULT_GOAL := help
.PHONY: help demo test check format messages bench faults lock clean
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE ?= 1

help: ## list what one can do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: ## play the Union State of 23 February 2021 on three nodes (FRESH=1 starts over, STORY=2021 plays what came after)
	@tools/prepare.sh run
	@exec $(PY) -m paraph demo $(if $(FRESH),--fresh) $(if $(STORY),--story $(STORY))

test: ## run all tests, on both databases and in the browser
	@tools/prepare.sh test
	$(PY) -m pytest $(if $(CI),-p tools.noskip) -n 2 --dist loadgroup -q tests

check: ## what CI checks besides: format, lint, types, import contracts, templates, messages, docs
	@tools/prepare.sh test
	$(PY) -m ruff format --check paraph tests tools bench
	$(PY) -m ruff check paraph tests tools bench
	$(PY) -m mypy paraph tools bench
	.venv/bin/lint-imports
	$(PY) -m tools.check_templates
	$(PY) -m tools.messages check
	$(PY) -m tools.check_docs

format: ## put the code into its form
	$(PY) -m ruff format paraph tests tools bench
	$(PY) -m ruff check --fix paraph tests tools bench

messages: ## collect the sentences to translate, and compile the translations
	$(PY) -m tools.messages collect
	$(PY) -m tools.messages compile

bench: ## measure speed as ratios in one run
	@tools/prepare.sh test
	$(PY) -m bench.run $(ARGS)

faults: ## long campaigns of the laws (SEEDS=300)
	@tools/prepare.sh test
	$(PY) -m pytest -q tests/state/test_model.py --histories $(or $(SEEDS),300)

lock: ## pin the dependencies anew
	cd requirements && for name in run dev; do ../.venv/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate -o $$name.txt $$name.in; done

clean: ## remove what was made here, but not the homes of nodes
	rm -rf .venv build dist *.egg-info test-output .mypy_cache .ruff_cache .pytest_cache .hypothesis
