# SPDX-License-Identifier: GPL-3.0-or-later
# Stage: the packages, on a Debian that has nothing but its own essentials
# Only when named: it builds natsh for people and downloads a Debian of 100 MB.
# shellcheck shell=bash

set -euo pipefail
# shellcheck source=script/setup
. script/setup

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ] || ! has_tool debootstrap || ! has dpkg-deb; then
  echo 'it needs Linux, root, debootstrap and dpkg-deb'
  exit 77
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/natsh package.XXXXXX")
# debootstrap cannot have a blank in its folder's name.
debian=$(mktemp -d "${TMPDIR:-/tmp}/natsh-debian.XXXXXX")
trap 'umount "$debian/proc" 2>/dev/null || true; rm -rf "$work" "$debian"' EXIT
mapfile -t packages < <(script/package "$work")
[ "${#packages[@]}" -eq 2 ] || fail "a tar and a .deb were expected, not: ${packages[*]}"

say 'making a bare Debian'
# shellcheck disable=SC2016  # apt-get replaces it
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 '/debian/*$' || true)
# An older Debian than one on which it may have been built: nothing of it is linked at its start.
quietly debootstrap --variant=minbase "${NATSH_DEBIAN:-bookworm}" "$debian" ${mirror:+"$mirror"} ||
  fail 'debootstrap failed; what it said stands above'
mount -t proc proc "$debian/proc"
cp "${packages[@]}" "$debian/tmp/"

# Runs a line there, in an empty environment.
there() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=xterm chroot "$debian" /bin/bash -c "$1" </dev/null; }

# expect WHAT WORDS LINE: the line succeeds there, and prints the words.
expect() {
  local output
  output=$(there "$3" 2>&1) || fail "$1: $3 failed: $output"
  grep -qF -- "$2" <<<"$output" || fail "$1: $3 did not print '$2' but: $output"
}

if there 'command -v swift || ls /usr/lib/*/libreadline* || ls /usr/lib/*/libcmark*' >/dev/null 2>&1; then
  fail 'that Debian is not bare'
fi
there 'dpkg -i /tmp/natsh_*.deb' >/dev/null || fail 'the .deb cannot be installed'
expect 'the program starts' 'natsh 0' 'cd / && natsh --version'

# checks NATSH: what has to work, whichever package it comes from.
checks() {
  expect 'a network' '49.36.10.25' "cd /var && $1 -c 'scene two-homes; map'"
  expect 'the lessons are found from any folder' 'keep-it-open' "cd /var && $1 lesson list"
  expect 'a lesson begins' 'Step 1 of' "cd /var && echo quit | $1 lesson run who-are-you"
  expect 'and the lessons that NATSH_LESSONS names' 'no lessons' "mkdir -p /tmp/none && NATSH_LESSONS=/tmp/none $1 lesson list || true"
  expect 'the page is served' 'natsh' "{ echo page 8421; sleep 3; } | $1 & sleep 1; exec 3<>/dev/tcp/127.0.0.1/8421
    printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1:8421\r\nConnection: close\r\n\r\n' >&3; cat <&3; wait"
  expect 'completion' 'hand-in' "$1 --generate-completion-script bash"
}
checks natsh
expect 'demonstrations are installed' 'natsh' 'ls /usr/share/natsh/lessons/demonstrations'
expect 'the manual is installed' 'NAME' 'gzip -cd /usr/share/man/man1/natsh.1.gz | grep "^.SH NAME"'
expect 'completions are installed' 'natsh' \
  'ls /usr/share/bash-completion/completions/natsh /usr/share/zsh/vendor-completions/_natsh /usr/share/fish/vendor_completions.d/natsh.fish'
there 'dpkg -r natsh' >/dev/null
if there 'ls /usr/bin/natsh /usr/share/natsh' >/dev/null 2>&1; then fail 'something is left of the .deb'; fi

there 'mkdir "/opt/a folder" && tar -xzf /tmp/natsh-*.tar.gz -C "/opt/a folder" --strip-components 1'
checks "'/opt/a folder/bin/natsh'"
say 'the tar and the .deb work where nothing else is installed'
