# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: swift test
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

# Tests that start or pass are left out; failures and the closing lines are shown.
swift test --disable-xctest "${test_flags[@]}" "${build_flags[@]+"${build_flags[@]}"}" </dev/null 2>&1 |
  awk '/Test run with/ { print; next }
       /^[^ ]+ +(Test|Suite|Test case) .*(started|passed after [0-9.]+ seconds)\.?$/ { next }
       /^\[[0-9]+\/[0-9]+\] / { next }
       { print; fflush() }'
