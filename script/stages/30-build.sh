# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: everything builds, tests included, without a warning
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

visibly building swift build --build-tests "${test_flags[@]}" "${build_flags[@]+"${build_flags[@]}"}" || exit 1
