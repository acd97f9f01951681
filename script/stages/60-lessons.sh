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
"$natsh" lesson check lessons
# Translated lessons prove themselves like the others.
for folder in lessons/??; do
  if [ -d "$folder" ]; then "$natsh" lesson check "$folder"; fi
done
for demo in lessons/demonstrations/*.natsh lessons/??/demonstrations/*.natsh; do
  if [ ! -e "$demo" ]; then continue; fi
  "$natsh" demo "$demo" >/dev/null
done
