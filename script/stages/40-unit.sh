# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: swift test, without the suites that take long
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

run_tests --skip "$long_suites"
