#!/bin/bash
# dockerd in namespaces of its own. usage: docker.sh WORK NAME     its socket is WORK/run/docker.sock
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cgroups.sh"
work=$1 name=$2
if [ "${3:-}" != inside ]; then
    enter_cgroups "$name"
    exec unshare --mount --pid --fork --kill-child --mount-proc --net --uts --cgroup bash "$0" "$work" "$name" inside
fi

mount --make-rprivate /
mkdir -p "$work/run" "$work/root" "$work/proc" /etc/docker
mount -t tmpfs tmpfs /etc/docker                # dockerd keeps a key there
mount -t tmpfs -o size=1g tmpfs "$work/root"    # overlay2 cannot lie on an overlay
mount -t tmpfs tmpfs /run                       # locks and network namespaces of its own
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t tmpfs tmpfs /sys/fs/cgroup
    for controller in cpu cpuacct memory pids blkio freezer devices cpuset; do
        mkdir "/sys/fs/cgroup/$controller"
        mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" 2>/dev/null || rmdir "/sys/fs/cgroup/$controller"
    done
    mkdir /sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
fi

protect_sysctls /proc "$work/proc"
ip link set lo up
dockerd -H "unix://$work/run/docker.sock" --data-root "$work/root" --exec-root /run/docker --pidfile /run/docker.pid --storage-driver overlay2 \
    --bip 172.30.97.1/24 &
wait $!
