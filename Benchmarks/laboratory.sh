#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Measures the laboratory beside the same path through the kernel and beside a bare copy:
#
#   Benchmarks/laboratory.sh NATSH PATHPROBE [ROUNDS]
#
# The path is alice, a router that translates, bob. natsh and the bare copy have the first processor, the programs the
# second; through the kernel, whoever sends pays for the way, so the sender has the first. Prints a table, each number the
# median of the rounds, whose parts take turns.
set -euo pipefail

natsh=$(realpath -- "$1")
probe=$(realpath -- "$2")
rounds=${3:-5}
seconds=${SECONDS_EACH:-2}

if [ "${PATH_IS_OWN:-}" != yes ]; then
  own=(--mount --net)
  if [ "$(id -u)" -ne 0 ]; then own+=(--map-root-user); fi
  PATH_IS_OWN=yes exec unshare "${own[@]}" --pid --fork --kill-child bash "$0" "$@"
fi

mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir /run/netns
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bob=88.90.100.110
port=9000
network="router home 49.36.10.25 lan 192.168.1.0/24; host alice 192.168.1.10 behind home; host bob $bob"
for device in alice home bob; do network+="; set $device delay 0ms"; done

# --- The three ways from alice to bob --------------------------------------------------------------------------------

for name in kernel-alice kernel-home kernel-bob copy-alice copy-bob; do
  ip netns add $name
  ip -n $name link set lo up
done

ip -n kernel-alice link add path type veth peer name lan netns kernel-home
ip -n kernel-home link add wan type veth peer name path netns kernel-bob
ip -n kernel-alice addr add 192.168.1.10/24 dev path
ip -n kernel-home addr add 192.168.1.1/24 dev lan
ip -n kernel-home addr add 88.90.100.1/24 dev wan
ip -n kernel-bob addr add $bob/24 dev path
for end in 'kernel-alice path' 'kernel-home lan' 'kernel-home wan' 'kernel-bob path'; do
  ip -n "${end% *}" link set "${end#* }" up
done
ip -n kernel-alice route add default via 192.168.1.1
ip netns exec kernel-home sysctl -qw net.ipv4.ip_forward=1
ip netns exec kernel-home nft -f - <<'RULES'
table ip nat {
  chain post { type nat hook postrouting priority 100; oifname "wan" masquerade; }
}
RULES

taskset -c 0 "$probe" copy copy-alice copy-bob &
until ip -n copy-bob link show path >/dev/null 2>&1; do sleep 0.05; done
ip -n copy-alice addr add 192.168.1.10 peer $bob dev path
ip -n copy-bob addr add $bob peer 192.168.1.10 dev path
for name in copy-alice copy-bob; do ip -n $name link set path up txqueuelen 1000; done

# Runs bob's program and then alice's, each "PROCESSOR COMMAND…", and prints what the one that is named prints.
through() {
  local way=$1 who=$2 first=$3 second=$4 alice=1 other
  # shellcheck disable=SC2086  # the commands are words
  if [ "$way" = natsh ]; then
    if [ "$who" = bob ]; then
      taskset -c 0 "$natsh" lab -c "$network" -- start alice taskset -c 1 $second -- run bob taskset -c 1 $first
    else
      taskset -c 0 "$natsh" lab -c "$network" -- start bob taskset -c 1 $first -- run alice taskset -c 1 $second
    fi
    return
  fi
  if [ "$way" = kernel ]; then alice=0; fi
  # shellcheck disable=SC2086
  if [ "$who" = bob ]; then
    ip netns exec "$way-alice" taskset -c $alice $second >/dev/null &
    other=$!
    ip netns exec "$way-bob" taskset -c 1 $first
  else
    ip netns exec "$way-bob" taskset -c 1 $first >/dev/null &
    other=$!
    sleep 0.3
    ip netns exec "$way-alice" taskset -c $alice $second
  fi
  kill $other 2>/dev/null || true
  wait $other 2>/dev/null || true
}

measure() {
  local way=$1 trip
  echo "$way packets $(through "$way" bob "$probe sink $port $seconds" "$probe flood $bob $port $((seconds + 2))")"
  trip=$(through "$way" alice "$probe echo $port" "$probe ask $bob $port 1000")
  echo "$way median ${trip% *}"
  echo "$way p99 ${trip#* }"
  echo "$way tcp $(through "$way" alice 'iperf3 -s' "iperf3 -c $bob -t $seconds -f m" |
    awk '/receiver/ { print $(NF - 2) }')"
}

for ((round = 1; round <= rounds; round++)); do
  for way in copy kernel natsh; do measure $way; done
  echo "round $round of $rounds" >&2
done >"$work/all"

median() {
  awk -v way="$1" -v what="$2" '$1 == way && $2 == what { print $3 }' "$work/all" | sort -g |
    awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

echo "| one router, one core | natsh | kernel: veth and nft | ratio | bare copy | ratio |"
echo "| --- | ---: | ---: | ---: | ---: | ---: |"
while read -r what words; do
  awk -v natsh="$(median natsh "$what")" -v kernel="$(median kernel "$what")" -v copy="$(median copy "$what")" \
    -v words="$words" 'BEGIN {
      printf "| %s | %.5g | %.5g | %.2fx | %.5g | %.2fx |\n", words, natsh, kernel, natsh / kernel, copy, natsh / copy
    }'
done <<'ROWS'
packets packets of 100 bytes a second
median round trip, median, µs
p99 round trip, 99th percentile, µs
tcp TCP, Mbit/s
ROWS
