# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the lessons, each proved by its own solutions, mistakes and questions
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

if [ ! -d lessons ]; then
  echo 'there are no lessons yet'
  exit 77
fi
natsh=$(swift build --show-bin-path "${build_flags[@]+"${build_flags[@]}"}")/natsh
# Each of the two keeps one processor busy.
"$natsh" lesson check lessons &
checking=$!
for demo in lessons/demonstrations/*.natsh; do
  "$natsh" demo "$demo" >/dev/null
done
wait "$checking"
