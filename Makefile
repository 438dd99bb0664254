# Needed: Go, and a C compiler for SQLite. The rest comes by itself.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
FUZZTIME ?= 10s
# Rooms with tests that the race detector cannot watch, because disgo's gateway has races of its own.
RACY := $(shell grep -rl --include='*_test.go' '^//go:build !race' . | xargs -n 1 dirname | sort -u)
LINTER := $(shell command -v golangci-lint || echo go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0)

.PHONY: help test lint apex golden bench microbench fuzz screenshots run playground

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

test: ## run all tests, and tell which were skipped and why
	@command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null || { echo "SQLite needs a C compiler: install gcc or clang." >&2; exit 1; }
	@{ go test -race -timeout 20m -json ./...; go test -json $(RACY); } | go run .ci/report.go

lint: ## check format and style (.golangci.yml)
	@$(LINTER) run ./...

apex: ## check the Apex that we generate, by parsers and apex-ls (npm, Java)
	@.ci/apex/check

golden: ## write the golden files anew; read the diff before you believe it
	@go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n1 dirname | sort -u) -update

bench: ## measure what we promise, about ten minutes; BENCH="-only intake" measures less
	@go run ./bench $(BENCH)

microbench: ## run the benchmarks of the rooms
	@go test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz each target for FUZZTIME (10s)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file target; do \
		echo "$${target#func } in $$file"; go test -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x "$$(dirname "$$file")"; done

screenshots: ## make the pictures of README and docs, in headless Chromium
	@go test -count=1 -tags screenshots -run TestScreenshots .

run: ## run the bot
	@go run .

playground: ## run it against a local Discord, without a token
	@go run . playground
