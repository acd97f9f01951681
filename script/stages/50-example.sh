# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the executable, end to end: one example as a script, on standard input, with -c and as JSON
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

natsh=$(swift build --show-bin-path "${build_flags[@]+"${build_flags[@]}"}")/natsh
folder=$(mktemp -d "${TMPDIR:-/tmp}/natsh example.XXXXXX")
trap 'rm -rf "$folder"' EXIT

cat >"$folder/example.natsh" <<'EXAMPLE'
router home-a 49.36.10.25 lan 192.168.1.0/24
host alice 192.168.1.10 behind home-a
host bob 88.90.100.110
send alice:5000 bob:4000 "hello"
step                      # home-a: 192.168.1.10:5000 becomes 49.36.10.25:62000, mapping created
step                      # internet: forwarded
step                      # bob: delivered, from 49.36.10.25:62000
reply "hi alice"
run                       # translated back, delivered to alice
send bob:4001 49.36.10.25:62000
run                       # home-a: dropped, filtered
send bob 49.36.10.25:62001
run                       # home-a: dropped, no-mapping
send bob alice:5000
run                       # internet: dropped, private-destination
wait 5m
send bob:4000 49.36.10.25:62000
run                       # home-a: dropped, expired
EXAMPLE
commands=$(sed 's/ *#.*//' "$folder/example.natsh" | paste -s -d ';' -)

"$natsh" "$folder/example.natsh" >"$folder/file.txt"
"$natsh" - <"$folder/example.natsh" >"$folder/input.txt"
"$natsh" <"$folder/example.natsh" >"$folder/pipe.txt"
"$natsh" -c "$commands" >"$folder/option.txt"
"$natsh" --json "$folder/example.natsh" | sed 's/": /":/g' >"$folder/example.json"

for other in input pipe option; do
  cmp "$folder/file.txt" "$folder/$other.txt" || fail "the same commands read another way printed something else"
done
if LC_ALL=C grep -q $'\033' "$folder/file.txt"; then fail 'escape codes in a file'; fi

[ "$(wc -l <"$folder/example.json")" -eq 18 ] || fail '--json must print one line a command'
if grep -qv '"ok":true' "$folder/example.json"; then fail 'a command of the example failed'; fi
for expected in '"new_source":"49.36.10.25:62000"' '"mapping_change":"created"' '"new_destination":"192.168.1.10:5000"' \
  '"reason":"filtered"' '"reason":"no-mapping"' '"reason":"private-destination"' '"reason":"expired"'; do
  grep -qF -- "$expected" "$folder/example.json" || fail "the example's JSON lacks $expected"
done

status=0
"$natsh" -c 'send nobody nowhere' >"$folder/out.txt" 2>"$folder/error.txt" || status=$?
[ "$status" -eq 1 ] || fail "a failed command must exit 1, not $status"
grep -q ': error: ' "$folder/error.txt" || fail 'an error must say where it is'
status=0
"$natsh" --no-such-option >/dev/null 2>&1 </dev/null || status=$?
[ "$status" -eq 2 ] || fail "a wrong call must exit 2, not $status"
say 'the example printed the same four ways, and its JSON holds every verdict'
