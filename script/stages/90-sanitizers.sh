# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the tests under the thread and the address sanitizer
# Only when named: it builds everything twice more.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

# All that is pure computation. What the other tests start are programs of their own, which do the same things again.
tests='NATModelTests|WireFormatTests|NetworkSimulatorTests|TraversalTests|CommandsTests|RenderingTests|LessonsTests|FuzzTests'
export SWIFT_BACKTRACE=enable=no

# Swift Testing keeps what it knows of its tests until the end; that is not a leak of ours.
export ASAN_OPTIONS=detect_leaks=0

for kind in thread address; do
  log=.build-$kind/tests.log
  say "the tests under the $kind sanitizer"
  mkdir -p ".build-$kind"
  status=0
  swift test --sanitize="$kind" --scratch-path ".build-$kind" --disable-xctest --filter "^($tests)\\." \
    "${build_flags[@]+"${build_flags[@]}"}" </dev/null >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ] || grep -qE '(Address|Thread)Sanitizer' "$log"; then
    grep -nE -A 40 'Sanitizer|recorded an issue|error:' "$log" | head -n 200 >&2
    fail "the $kind sanitizer's run did not go well; all of it stands in $log"
  fi
  grep 'Test run with' "$log" | tail -n 1
done
