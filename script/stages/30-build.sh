# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: everything builds, tests included, without a warning
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

# SwiftPM keeps the flag from the dependencies, whose warnings are not ours to mend.
quietly swift build --build-tests -Xswiftc -warnings-as-errors "${build_flags[@]+"${build_flags[@]}"}" || exit 1
