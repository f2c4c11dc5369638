#!/bin/bash
# PID 1 of a node's own PID, mount and network namespaces: init.sh FOLDER COMMAND…
# It covers the machine's places where the programs of a node write, and ends with the command; everything ends with it.
set -e
folder=$1
shift
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/containerd /run/netns
mkdir -p "$folder/log"
mount --bind "$folder/log" /var/log
# The kubelet sets these parameters of the whole machine unless they are so already: here it finds them so.
while read -r name value; do
  echo "$value" >"$folder/${name//\//.}"
  mount --bind "$folder/${name//\//.}" "/proc/sys/$name"
done <<'VALUES'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
VALUES
ip link set lo up
# The node's own address, on a bridge that nothing else is on.
ip link add node0 type bridge
ip addr add 10.89.0.1/24 dev node0
ip link set node0 up
"$@" <&0 &
command=$!
trap 'kill -TERM $command 2>/dev/null' TERM INT
# A signal interrupts the first wait; orphans of the node are reaped meanwhile.
wait $command || code=$?
while kill -0 $command 2>/dev/null; do wait $command || code=$?; done
exit "${code:-0}"
