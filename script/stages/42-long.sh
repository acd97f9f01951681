# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the suites that take long: beside a kernel, in a browser, with real programs, with random commands
# Only when named: .ci/run names it.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

run_tests --filter "$long_suites"
