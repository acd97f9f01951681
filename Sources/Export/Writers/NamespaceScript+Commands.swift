// SPDX-License-Identifier: GPL-3.0-or-later

/// The part of the script that is the same for every network.
extension NamespaceScript {
  static let usage = [
    "sudo bash FILE up                     builds the network",
    "sudo bash FILE exec NAME [COMMAND…]   runs a command there, or a shell: exec alice ping bob",
    "sudo bash FILE rules ROUTER           its nftables rules, long lists cut short",
    "sudo bash FILE status                 the nodes, and whether they are up",
    "sudo bash FILE down                   removes it, with the programs that run in it",
    "bash FILE try [COMMAND…]              without root: builds it for one command, or a shell, and removes it",
    "",
    "Namespaces are called natsh-NAME; with NATSH_PREFIX=lab2- in the environment, lab2-NAME.",
  ]

  static let commands = #"""
    self=${BASH_SOURCE[0]}

    fail() {
      echo "natsh: $*" >&2
      exit 1
    }

    # namespace NUMBER: the namespace of a node.
    namespace() { printf '%s%s' "$prefix" "${names[$1],,}"; }

    # The mark of namespaces made by this script, kept where no other program looks: lo's alias.
    mark="natsh lab $prefix"

    present() { [ -e "/var/run/netns/$1" ]; }
    is_mine() { [[ "$(ip -n "$1" -o link show lo 2>/dev/null)" == *"alias $mark" ]]; }

    # Ends a namespace and the programs in it.
    remove() {
      local process signal
      # A shell at a terminal ends by HUP only, most others by TERM, and some by neither.
      for signal in HUP TERM KILL; do
        for process in $(ip netns pids "$1" 2>/dev/null); do
          [ "$process" = $$ ] || kill "-$signal" "$process" 2>/dev/null || true
        done
        [ -z "$(ip netns pids "$1" 2>/dev/null)" ] || sleep 0.1
      done
      ip netns delete "$1"
    }

    made=()
    undo() {
      local status=$? space
      trap - EXIT
      for space in "${made[@]}"; do remove "$space" || true; done
      echo 'natsh: that failed; everything made so far was removed' >&2
      exit "$status"
    }

    needs() {
      local tool
      [ "$(id -u)" -eq 0 ] || fail "this needs root: sudo bash $self $1; or, without root: bash $self try"
      for tool in ip nft tc; do
        command -v "$tool" >/dev/null ||
          fail "'$tool' is missing; on Debian, Ubuntu and Fedora it comes with the packages iproute2 (iproute) and nftables"
      done
    }

    up() {
      local number space
      needs up
      for number in "${!names[@]}"; do
        space=$(namespace "$number")
        present "$space" || continue
        ! is_mine "$space" || fail "it is up already, at least in part: sudo bash $self down"
        fail "there is a namespace $space that this script did not make; choose other names: sudo NATSH_PREFIX=lab2- bash $self up"
      done
      trap undo EXIT
      trap 'exit 129' HUP
      trap 'exit 130' INT
      trap 'exit 143' TERM
      for number in "${!names[@]}"; do
        space=$(namespace "$number")
        ip netns add "$space"
        made+=("$space")
        ip -n "$space" link set lo alias "$mark"
      done
      cables | ip -batch -
      NATSH_NETEM=$(ip netns exec "$(namespace 0)" "$BASH" "$self" --netem)
      export NATSH_NETEM
      for number in "${!names[@]}"; do
        ip netns exec "$(namespace "$number")" "$BASH" "$self" --node "$number"
      done
      trap - EXIT HUP INT TERM
      [ "$NATSH_NETEM" = yes ] ||
        echo "natsh: this kernel has no netem (module sch_netem): links have their rates, but no delays and losses" >&2
    }

    # down: everything made by this script, or by an older version of it.
    down() {
      local space rest
      needs down
      while read -r space rest; do
        if [[ "$space" == "$prefix"* ]] && is_mine "$space"; then remove "$space"; fi
      done < <(ip netns list)
    }

    status() {
      local number space state
      for number in "${!names[@]}"; do
        space=$(namespace "$number")
        state=down
        if present "$space"; then state=up; fi
        printf '%-4s  %-20s  %s\n' "$state" "$space" "${kinds[$number]}"
      done
    }

    # find NAME: the node's number. Case does not matter.
    find() {
      local number
      for number in "${!names[@]}"; do
        if [ "${names[$number],,}" = "${1,,}" ]; then
          present "$(namespace "$number")" || fail "the network is not up: sudo bash $self up"
          echo "$number"
          return
        fi
      done
      fail "there is no '$1'; there are: ${names[*]}"
    }

    # run NAME [COMMAND…]: a command, or a shell, inside a node.
    run() {
      local number
      needs "exec $1"
      number=$(find "$1")
      shift
      [ $# -gt 0 ] || set -- bash --norc
      exec ip netns exec "$(namespace "$number")" "$BASH" "$self" --exec "${names[$number]}" "$@"
    }

    rules() {
      local number
      needs "rules $1"
      number=$(find "$1")
      ip netns exec "$(namespace "$number")" nft list ruleset | sed 's/\({ 0 : [0-9]*, 1 : [0-9]*\), [^}]* }/\1, ... }/'
    }

    # Inside a node: makes the nodes' names known, to this command only.
    run_here() {
      local file
      file=$(mktemp)
      addresses >"$file"
      mount --bind "$file" /etc/hosts 2>/dev/null || true
      rm -f "$file"
      PS1="$1# "
      export PS1
      shift
      exec "$@"
    }

    # In a user's own namespaces, where nothing is left behind.
    try_here() {
      local status=0
      mount -t tmpfs tmpfs "$(readlink -f /var/run)"
      mkdir -p /var/run/netns
      up
      if [ $# -eq 0 ]; then
        echo "The network is up. Try: bash $self exec ${names[${#names[@]} - 1]}; 'exit' ends everything." >&2
        set -- bash --norc
      fi
      PS1='natsh# ' "$@" || status=$?
      down
      exit "$status"
    }

    case $prefix in
      '' | *[!A-Za-z0-9_-]*) fail "NATSH_PREFIX can have letters, digits, - and _" ;;
    esac

    case ${1:-} in
      up | down | status) "$1" ;;
      exec)
        [ $# -gt 1 ] || fail "exec whom? ${names[*]}"
        shift
        run "$@"
        ;;
      rules)
        [ $# -gt 1 ] || fail "whose rules? ${names[*]}"
        rules "$2"
        ;;
      try)
        shift
        own=(--map-root-user --mount --net)
        [ "$(id -u)" -ne 0 ] || own=(--mount --net)
        unshare "${own[@]}" true 2>/dev/null ||
          fail "this system does not let users have network namespaces; it needs root: sudo bash $self up"
        exec unshare "${own[@]}" "$BASH" "$self" --try "$@"
        ;;
      --node) "node_$2" ;;
      --netem) netem ;;
      --exec)
        shift
        run_here "$@"
        ;;
      --try)
        shift
        try_here "$@"
        ;;
      *)
        sed -n '/^# Usage:/,/^$/s/^# \{0,1\}//p' "$self" >&2
        exit 2
        ;;
    esac
    """#
}
