# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Checks script/run and script/setup on machines made of stand-ins: a PATH of a few small programs that log how they
# were called. Run from the project's folder.
set -euo pipefail

for file in script/run script/install script/package script/test script/benchmark script/fuzz script/setup script/setup-swift script/stages/*.sh script/stages/scripts/*.bash .ci/run; do
  bash -n "$file"
done
if command -v shellcheck >/dev/null; then
  shellcheck -x script/run script/install script/package script/test script/benchmark script/fuzz script/setup script/setup-swift script/stages/*.sh script/stages/scripts/*.bash .ci/run
else
  echo 'shellcheck is not installed: the scripts were not linted'
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/natsh scripts.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0
checks=0

# A new machine: a project folder with a blank in its name, and an empty folder for PATH.
machine() {
  rm -rf "$work/machine"
  project="$work/machine/my project"
  bin="$work/machine/bin"
  mkdir -p "$project/script" "$project/Sources" "$bin" "$work/machine/home"
  touch "$project/Package.swift"
  cp script/run script/install script/setup script/setup-swift script/test "$project/script/"
  : >"$work/machine/log"
  local tool
  for tool in bash cat chmod cp dirname env find grep head mkdir mktemp mv readlink rm rmdir sed sleep sort tail touch; do ln -s "$(command -v $tool)" "$bin/$tool"; done
  places=''
}

# program NAME BODY: a stand-in that logs its call, then does BODY.
program() {
  printf '#!%s\nprintf "%%s\\n" "%s $*" >>"%s"\n%s\n' "$(command -v bash)" "$1" "$work/machine/log" "$2" >"$bin/$1"
  chmod +x "$bin/$1"
}

# A toolchain whose build makes a natsh that prints its arguments and its input.
swift_of_version() {
  # shellcheck disable=SC2016  # the stand-in expands its own variables
  program swift 'case $1 in
    --version) echo "Swift version '"$1"' (swift-'"$1"'-RELEASE)" ;;
    -print-target-info) echo "    \"runtimeResourcePath\": \"'"$work"'/machine/swift\"" ;;
    build)
      [ "$2" != --version ] || exit 0
      echo "[3/17] a line of the build"
      [ ! -e "$3/Sources/broken" ] || { echo "error: it is broken"; exit 1; }
      mkdir -p "$3/.build/release"
      printf "#!/bin/sh\n[ -e \"$3/removed\" ] && [ \"\$1\" = --version ] && exit 127\nfor word; do echo \"[\$word]\"; done; pwd; cat\n" >"$3/.build/release/natsh"
      chmod +x "$3/.build/release/natsh" ;;
  esac'
}

linux() {
  program uname 'echo Linux'
  program id "echo $1"
  program git ''
  program clang '[ -e "'"$work"'/machine/headers" ]'
}

# run [ARGUMENT…]: script/run on that machine, from another folder, with a line of input.
run() {
  status=0
  (cd "$work/machine/home" && echo typed | env -i PATH="$bin" HOME="$work/machine/home" \
    NATSH_SWIFT_PLACES="$places" "$bin/bash" "$project/script/run" "$@") \
    >"$work/out" 2>"$work/error" || status=$?
}

check() {
  local what=$1
  shift
  checks=$((checks + 1))
  if ! "$@"; then
    failures=$((failures + 1))
    printf 'not so: %s (exit %s)\n' "$what" "$status"
    sed 's/^/  out: /' "$work/out"
    sed 's/^/  error: /' "$work/error"
    sed 's/^/  log: /' "$work/machine/log"
  fi
}

failed() { [ "$status" -ne 0 ]; }
succeeded() { [ "$status" -eq 0 ]; }
one_line() { [ "$(wc -l <"$work/error")" -eq 1 ] && [ ! -s "$work/out" ]; }
says() { grep -qF -- "$1" "$work/error"; }
called() { grep -qF -- "$1" "$work/machine/log"; }
never_called() { ! grep -q -- "$1" "$work/machine/log"; }
printed() { [ "$(cat "$work/out")" = "$1" ]; }

machine
linux 0
run
check 'without Swift it fails' failed
check 'without Swift it says one line' one_line
check 'the line tells the version' says 'Swift 6.1'
check 'the line tells where from' says 'https://swift.org/install'

machine
linux 0
swift_of_version 5.10.1
run
check 'an old Swift fails' failed
check 'an old Swift gets one line' one_line
check 'the line tells what was found' says 'is 5.10'

machine
linux 0
program swift 'exit 127'
run
check 'a Swift that does not start gets one line' one_line
check 'which says so' says 'swift does not start (without a word)'
check 'and where there is another' says 'https://swift.org/install'

# A toolchain that starts once the libraries are there which its programs name, in a folder of its own that a link in
# PATH leads to. Without them it does `$1`.
swift_without_libraries() {
  swift_of_version 6.3
  mkdir -p "$work/machine/toolchain"
  for tool in swift-driver swift-package clang; do ln -s "$bin/swift-itself" "$work/machine/toolchain/$tool"; done
  mv "$bin/swift" "$bin/swift-itself"
  ln -s swift-driver "$work/machine/toolchain/swift"
  program swift 'if [ ! -e "'"$work"'/machine/libraries" ]; then
    '"$1"'
    echo "swift: error while loading shared libraries: libxml2.so.2: cannot open shared object file" >&2; exit 127
  fi
  exec "'"$bin"'/swift-itself" "$@"'
  mv "$bin/swift" "$work/machine/toolchain/swift-driver"
  ln -s "$work/machine/toolchain/swift" "$bin/swift"
  # shellcheck disable=SC2016
  program ldd '[ -e "'"$work"'/machine/libraries" ] || case $1 in
    *swift-driver) printf "\tlibncurses.so.6 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibsqlite3.so.0 => not found\n" ;;
    *swift-package) printf "\tlibxml2.so.2 => not found\n\tlibsqlite3.so.0 => not found\n\tlibcurl.so.4 => not found\n" ;;
    *clang) printf "\tlibz.so.1 => not found\n" ;;
  esac'
}

# shellcheck disable=SC2016
for otherwise in '' '[ "$1" != --version ] || { echo "Swift version 6.3"; exit; }'; do
  machine
  linux 0
  touch "$work/machine/headers"
  swift_without_libraries "$otherwise"
  program apt-get "[ \"\$1\" = update ] || touch '$work/machine/libraries'"
  run
  check "a Swift that does not start, or only to tell its version, gets its libraries" succeeded
  check 'they are named' says 'swift does not start without libcurl.so.4, libncurses.so.6, libsqlite3.so.0, libxml2.so.2, libz.so.1'
  check 'and are installed by their Debian names' called 'install -y --no-install-recommends libcurl4 libncurses6 libsqlite3-0 libxml2 zlib1g'
done

machine
linux 0
touch "$work/machine/headers"
swift_without_libraries ''
program dnf "touch '$work/machine/libraries'"
run
check 'on Fedora as well' succeeded
check 'by the libraries themselves' called 'dnf install -y libcurl.so.4()(64bit) libncurses.so.6()(64bit)'

machine
linux 0
swift_without_libraries ''
program apt-get ''
run
check 'a Swift that does not start all the same is told' says "swift does not start (swift: error while loading shared libraries: libxml2.so.2"

machine
linux 1000
swift_without_libraries ''
program apt-get ''
run
check 'without root and sudo, what root would run' says 'as root, run: apt-get install libcurl4 libncurses6 libsqlite3-0 libxml2 zlib1g'

machine
linux 0
swift_without_libraries ''
run
check 'an unknown system is told the libraries' says 'needs libcurl.so.4, libncurses.so.6, libsqlite3.so.0, libxml2.so.2, libz.so.1'

machine
linux 0
touch "$work/machine/headers"
swift_of_version 6.1
mkdir -p "$work/machine/a toolchain"
mv "$bin/swift" "$work/machine/a toolchain/swift"
places="$work/machine/none
$work/machine/a toolchain"
run -c 'send alice bob' '' "it's"
check 'a Swift outside PATH is found' succeeded
check 'arguments, folder and input arrive as they were' printed "[-c]
[send alice bob]
[]
[it's]
$work/machine/home
typed"
check 'a first build says so' says 'the first time takes'
check 'a good build is quiet where nobody watches' [ "$(grep -c 'line of the build' "$work/error")" -eq 0 ]
check 'nothing was installed' never_called 'apt-get\|dnf\|sudo'
check 'with what of Swift can be linked in' never_called 'static-stdlib'
builds() { grep -c '^swift build --package-path' "$work/machine/log" || true; }
run
check 'a second start says nothing' [ ! -s "$work/error" ]
check 'and builds nothing' [ "$(builds)" -eq 1 ]
touch "$project/removed"
run
check 'an executable that does not start is built again' [ "$(builds)" -eq 2 ]
touch -d '2 seconds' "$project/Sources/changed" 2>/dev/null || touch -A 02 "$project/Sources/changed"
run
check 'and so is one that is older than a source' [ "$(builds)" -eq 3 ]
touch "$project/Sources/broken"
touch -d '2 seconds' "$project/Sources/broken" 2>/dev/null || touch -A 02 "$project/Sources/broken"
run
check 'a failed build fails' failed
check 'a failed build shows why' says 'error: it is broken'

machine
linux 0
touch "$work/machine/headers"
swift_of_version 6.3
mkdir -p "$work/machine/swift_static/linux"
touch "$work/machine/swift_static/linux/static-executable-args.lnk"
run
check 'one file with everything, where everything is there as an archive' called '-Xswiftc -static-executable'

machine
linux 0
touch "$work/machine/headers"
# shellcheck disable=SC2016
program clang 'for word; do [ "$word" != -static ] || exit 1; done'
swift_of_version 6.3
mkdir -p "$work/machine/swift_static/linux"
touch "$work/machine/swift_static/linux/static-executable-args.lnk"
run
check 'without C archives, Swift alone' called '--static-swift-stdlib -Xswiftc -Xclang-linker -Xswiftc -no-pie'
check 'and the shell opens' succeeded

for version in 6.1 6.3.1 6.10 7.0; do
  machine
  linux 0
  touch "$work/machine/headers"
  swift_of_version "$version"
  run
  check "Swift $version is new enough" succeeded
done

machine
linux 1000
swift_of_version 6.3
# shellcheck disable=SC2016
program sudo '"$@"'
program apt-get "touch '$work/machine/headers'"
run
check 'what is missing is installed' succeeded
check 'through sudo, with Debian'"'"'s names for them' called 'sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libreadline-dev'
check 'and it says so' says "installing GNU Readline's development files, cmark's development files, libmd's development files: apt-get install libreadline-dev libcmark-dev libmd-dev"

machine
linux 0
swift_of_version 6.3
program sudo 'exit 1'
program dnf "touch '$work/machine/headers'"
run
check 'root on Fedora' succeeded
check 'installs readline-devel' called 'dnf install -y readline-devel'
check 'without sudo' never_called '^sudo'

machine
linux 1000
swift_of_version 6.3
program apt-get ''
run
check 'without root and sudo it fails' failed
check 'and says what root would run' says 'as root, run: apt-get install libreadline-dev'

machine
linux 0
swift_of_version 6.3
program apt-get 'echo "E: no such package"; exit 100'
run
check 'an install that fails' failed
check 'shows why' says 'E: no such package'

machine
linux 0
swift_of_version 6.3
program apt-get ''
run
check 'an install that changes nothing fails' says 'still missing after installing'

machine
linux 0
swift_of_version 6.3
run
check 'an unknown system is told what it needs' says "needs GNU Readline's development files"

machine
linux 501
program uname 'echo Darwin'
program xcode-select ''
swift_of_version 6.3
# shellcheck disable=SC2016
program brew 'case $1 in
  --prefix) echo "'"$work"'/machine/keg" ;;
  install) mkdir -p "'"$work"'/machine/keg/include/readline"; : >"'"$work"'/machine/keg/include/readline/readline.h"
             : >"'"$work"'/machine/keg/include/cmark.h"; : >"'"$work"'/machine/keg/include/sha2.h"; touch "'"$work"'/machine/headers" ;;
esac'
run
check 'macOS installs with brew' called 'brew install readline'
check 'and builds with its folders' called "-Xcc -I$work/machine/keg/include -Xlinker -L$work/machine/keg/lib"
check 'and links nothing statically' never_called 'static'
check 'and opens the shell' succeeded

# At a terminal the build shows how far it is; util-linux's script makes one.
if script --version 2>/dev/null | grep -q util-linux; then
  machine
  linux 0
  touch "$work/machine/headers"
  swift_of_version 6.3
  # shellcheck disable=SC2016
  program swift-slow 'case $1 in build) [ "$2" = --version ] || { echo "[3/17] Compiling"; sleep 2; } ;; esac; exec "'"$bin"'/swift-quick" "$@"'
  mv "$bin/swift" "$bin/swift-quick"
  mv "$bin/swift-slow" "$bin/swift"
  status=0
  script -qec "env -i PATH='$bin' HOME='$work/machine/home' NATSH_SWIFT_PLACES= '$bin/bash' '$project/script/run' -c x >'$work/out'" \
    /dev/null </dev/null >"$work/error" 2>&1 || status=$?
  check 'at a terminal' succeeded
  check 'a build shows how far it is' says 'natsh: building: step 3 of 17, 0:0'
  check 'and nothing of it is left' [ "$(tr -d '\n' <"$work/error" | tr '\r' '\n' | sed 's/ *$//' | tail -n 1)" = '' ]
fi

# shellcheck source=script/stages/scripts/install.bash
. script/stages/scripts/install.bash

# script/test with stages of our own.
machine
linux 0
touch "$work/machine/headers"
swift_of_version 6.3
for tool in sqlite3 ip nft tshark turnserver iperf3 nginx curl traceroute tcpdump ping; do program "$tool" ''; done
mkdir "$project/script/stages"
stage() { printf '# SPDX-License-Identifier: GPL-3.0-or-later\n# Stage: %s\n%s\n' "$2" "$3" >"$project/script/stages/$1.sh"; }
stage 10-first 'the first' 'exit 0'
stage 20-long 'the long one' $'# Only when named: it takes long.\nexit 0'
stage 30-last 'the last' 'exit 77'
run_test() {
  status=0
  env -i PATH="$bin" HOME="$work/machine/home" NATSH_SWIFT_PLACES='' "$bin/bash" "$project/script/test" "$@" \
    >"$work/out" 2>"$work/error" </dev/null || status=$?
}
ran() { [ "$(sed -n 's/^== \([a-z]*\): .*/\1/p' "$work/out" | paste -s -d ' ' -)" = "$1" ]; }
run_test
check 'the usual stages' ran 'first last'
check 'are good where one is skipped' succeeded
run_test long
check 'a longer one is run when it is named' ran 'long'
run_test usual long
check 'beside the usual ones, in their order' ran 'first long last'
run_test --list
check 'all of them are listed' [ "$(cat "$work/out")" = $'first\nlong (only when named)\nlast' ]
run_test first lost
check 'a stage that is not there' [ "$status" -eq 2 ]
check 'is named' says 'no such stage: lost'
stage 30-last 'the last' 'exit 3'
run_test
check 'a stage that fails' failed
read -r -a longer <<<"$(sed -n 's/.*\/script\/test" usual \([a-z ]*\) .*/\1/p' .ci/run)"
for stage in "${longer[@]}"; do
  check ".ci/run names the stage $stage" [ -e script/stages/[0-9][0-9]-"$stage".sh ]
done

printf '%s of %s checks of the scripts hold\n' "$((checks - failures))" "$checks"
[ "$failures" -eq 0 ]
