# `make` lists what one can do.
.DEFAULT_GOAL := help
.PHONY: help demo test check format messages bench quality fuzz faults office lock clean
PY := .venv/bin/python
OURS := paraph tests tools bench

help: ## list what one can do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: ## play the Union State of 23 February 2021 on three nodes (FRESH=1 starts over, STORY=2021 plays what came after)
	@tools/prepare.sh run
	@exec $(PY) -m paraph demo $(if $(filter-out 0,$(FRESH)),--fresh) $(if $(STORY),--story $(STORY))

# What touches a database (stores, journals, the exchange, running nodes, pages) runs once more on PostgreSQL.
# In CI a skip fails, see tools/noskip.py. Files with the most tests begin first.
TWO := -n 2 --dist loadfile
test: ## run all tests, on SQLite and PostgreSQL, and in a real browser (ARGS="-k words" picks some)
	@tools/prepare.sh test
	$(PY) -m pytest $(if $(CI),-p tools.noskip) $(TWO) -q $(ARGS)
	PARAPH_TEST_DATABASE=postgresql $(PY) -m pytest -p tools.with_database $(TWO) -q $(ARGS) $(if $(ARGS),|| [ $$? = 5 ])

check: ## what CI looks at besides: format, lint, types, import contracts, templates, messages, docs
	@tools/prepare.sh check
	$(PY) -m ruff format --check $(OURS)
	$(PY) -m ruff check $(OURS) verify_paraph.py
	$(PY) -m mypy $(OURS)
	.venv/bin/lint-imports
	$(PY) -W error -m tools.check_templates
	$(PY) -W error -m tools.messages check
	$(PY) -W error -m tools.check_docs

format: ## put the code into its form
	@tools/prepare.sh check
	$(PY) -m ruff format $(OURS)
	$(PY) -m ruff check --fix $(OURS)

messages: ## collect the sentences to translate, and compile the translations
	@tools/prepare.sh check
	$(PY) -m tools.messages collect
	$(PY) -m tools.messages compile

bench: ## measure speed as ratios in one run, against others' programs
	@tools/prepare.sh bench
	$(PY) -m bench.run $(ARGS)

quality: ## how well comparison finds what was done to drafts with known truth: PAGES="50 300 1000" SEEDS=5
	@tools/prepare.sh check
	$(PY) -m bench.quality --pages $(or $(PAGES),50 300 1000) --seeds $(or $(SEEDS),5)

# Each campaign goes on where it was stopped; test-output holds what was played.
faults: ## long campaigns: SEEDS=300 stories under faults, HISTORIES=3000 against the model, TEARS=60 torn disks, KILLS=20 rounds of kill -9
	@tools/prepare.sh test
	$(PY) -m tests.simulator.run $(or $(SEEDS),300) --log test-output/stories.log
	PARAPH_HISTORIES=$(or $(HISTORIES),3000) PARAPH_TEARS=$(or $(TEARS),60) \
	  $(PY) -m pytest -q --timeout=0 tests/state/test_model.py tests/state/test_forks.py tests/state/test_explored.py tests/node/test_torn_disk.py
	$(PY) -m tests.node.kills $(or $(KILLS),20) --log test-output/kills.log
	$(PY) -m tests.node.kills $(or $(KILLS),20) --log test-output/kills.log --database postgresql

fuzz: ## feed every reader of outside bytes for SECONDS=900 each, or MUTANTS=100000 each; documents by mutants (READER=note, docx, xlsx or akn picks one)
	@tools/prepare.sh fuzz
	$(if $(filter docx xlsx akn,$(READER)),,$(PY) -m tests.fuzz.run $(if $(MUTANTS),--mutants $(MUTANTS),--seconds $(or $(SECONDS),900)) $(if $(READER),--reader $(READER)))
	$(if $(filter-out docx xlsx akn,$(READER)),,$(PY) -m tests.papers.fuzz $(or $(MUTANTS),20000) $(if $(READER),--kind $(READER)))

office: ## let LibreOffice open, edit and settle our Word files, and read what it saves (some three minutes)
	@tools/prepare.sh office
	$(PY) -m tests.office.run --log test-output/office.log

# Without the settings of this machine, so that a lock names nothing but public packages.
lock: ## pin the dependencies anew
	@tools/prepare.sh check
	cd requirements && for name in run dev fuzz bench; do env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	  ../.venv/bin/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate -o $$name.txt $$name.in || exit 1; done

clean: ## remove what was made here, but not the homes of nodes
	rm -rf .venv build dist *.egg-info test-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
