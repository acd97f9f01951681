# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The part of check.bash, which sources it, that checks script/install.
#
# shellcheck disable=SC2154,SC2034  # the machine is check.bash's, which reads what becomes of a call

# script/install, into a folder whose name has a blank.
install() {
  status=0
  (cd "$work/machine/home" && env -i PATH="$bin" HOME="$work/machine/home" NATSH_SWIFT_PLACES='' \
    "$bin/bash" "$project/script/install" "$@") >"$work/out" 2>"$work/error" </dev/null || status=$?
}
has_files() { (cd "$work/machine/home/my natsh" && [ -x bin/natsh ] && [ -e share/natsh/lessons/01-a.md ] && [ -s share/man/man1/natsh.1 ] && [ -s share/zsh/site-functions/_natsh ]); }
machine
linux 1000
touch "$work/machine/headers"
swift_of_version 6.3
mkdir -p "$project/lessons/demonstrations" "$project/lessons/de/demonstrations" "$project/translations" "$project/docs"
touch "$project/lessons/01-a.md" "$project/lessons/demonstrations/a.natsh" "$project/translations/de.po"
touch "$project/lessons/de/01-a.md" "$project/lessons/de/demonstrations/a.natsh"
echo manual >"$project/docs/natsh.1"
install 'my natsh'
check 'natsh is installed' succeeded
check 'with lessons, manual and completions' has_files
check 'with translations' [ -e "$work/machine/home/my natsh/share/natsh/translations/de.po" ]
check 'with lessons and demonstrations in German' [ -e "$work/machine/home/my natsh/share/natsh/lessons/de/demonstrations/a.natsh" ]
check 'PATH is told' says 'my natsh/bin is not in PATH'
rm "$project/lessons/01-a.md"
touch "$project/lessons/02-b.md" "$work/machine/home/my natsh/share/natsh/lessons/my-own.md"
install 'my natsh'
check 'a newer version takes away what it no longer has' [ ! -e "$work/machine/home/my natsh/share/natsh/lessons/01-a.md" ]
install --remove 'my natsh'
check 'it goes away again' [ ! -e "$work/machine/home/my natsh/bin/natsh" ]
check 'and leaves what was not its own' [ "$(cd "$work/machine/home/my natsh" && find share -type f -print)" = share/natsh/lessons/my-own.md ]
install --remove 'my natsh'
check 'where there is none, that is said' says 'there is no natsh in'
install
check 'without a folder it is the own one' [ -x "$work/machine/home/.local/bin/natsh" ]
for wrong in --elsewhere ''; do
  install "$wrong"
  check "'$wrong' is not a folder to install in" [ "$status" -eq 2 ]
done
touch "$work/machine/home/file"
install file
check 'nor is a file' says 'may not write in'
