# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the fuzzer: every input that is kept, then new ones for a while
# Only when named: it builds a fuzzer, which takes minutes.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

# libFuzzer comes with Swift's own toolchains on Linux, and not with Apple's.
if [ "$(uname -s)" != Linux ]; then
  say 'libFuzzer is used on Linux only; the kept inputs are run by the unit tests'
  exit 77
fi
script/fuzz --check "${NATSH_FUZZ_SECONDS:-15}"
