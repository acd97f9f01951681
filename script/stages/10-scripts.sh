# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the scripts themselves, on a machine made of stand-ins
# shellcheck shell=bash

set -euo pipefail

bash script/stages/scripts/check.bash
