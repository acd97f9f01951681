# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the laboratory's judges at length: a gigabyte through it
# Only when named: it takes minutes.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

if [ "$(uname -s)" != Linux ]; then
  say 'the laboratory is for Linux only'
  exit 77
fi
NATSH_LAB_MEGABYTES=1024 swift test --disable-xctest "${test_flags[@]}" "${build_flags[@]+"${build_flags[@]}"}" \
  --filter 'LabTests.*JudgeTests' </dev/null
