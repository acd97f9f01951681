# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: swift format finds nothing to change
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

folders=()
for folder in Sources Tests Benchmarks/Sources; do
  if [ -d "$folder" ]; then folders+=("$folder"); fi
done
swift format lint --strict --recursive "${folders[@]}" || {
  say "to fix most of it: swift format -i --recursive ${folders[*]}"
  exit 1
}
