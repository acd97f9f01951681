# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the translated lessons, proved like the others, and their demonstrations
# Only when named: the unit tests hold that their commands and conditions are those of the English ones.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

natsh=$(swift build --show-bin-path "${build_flags[@]+"${build_flags[@]}"}")/natsh
for folder in lessons/??; do
  [ -d "$folder" ] || continue
  "$natsh" lesson check "$folder"
  for demo in "$folder"/demonstrations/*.natsh; do
    if [ -e "$demo" ]; then "$natsh" demo "$demo" >/dev/null; fi
  done
done
