# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the benchmarks, briefly: no ratio to a yardstick is twice what docs/performance.md says
# Only when named: it takes five minutes.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

folder=$(mktemp -d "${TMPDIR:-/tmp}/natsh benchmarks.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# The check must be able to fail: it is first given a run that nobody has measured.
row='{"row":"established, outbound","size":64000,"value":1,"ratio":'
echo "${row}1000000}" >"$folder/slow.json"
echo "${row}0.01}" >"$folder/fast.json"
script/benchmark --check --measurements "$folder/fast.json" >"$folder/fast.txt" ||
  fail "the check refused what is fast: $(cat "$folder/fast.txt")"
status=0
script/benchmark --check --measurements "$folder/slow.json" >"$folder/slow.txt" 2>&1 || status=$?
if [ "$status" -eq 0 ] || ! grep -q '^TOO SLOW  established, outbound at 64,000' "$folder/slow.txt"; then
  fail "the check let pass what is slow: $(cat "$folder/slow.txt")"
fi

script/benchmark --check
script/benchmark --linear
