#!/bin/bash
# systemd as process 1 of namespaces of its own, on a throw-away overlay of this machine's root.
# usage: systemd.sh WORK NAME     WORK: an empty directory; WORK/share is seen inside as /share; NAME: PREFIX-ID of the cgroups
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cgroups.sh"
work=$1 name=$2
if [ "${3:-}" != inside ]; then
    enter_cgroups "$name"
    exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup --net bash "$0" "$work" "$name" inside
fi

mount --make-rprivate /
mkdir -p "$work/ov" "$work/share" "$work/proc"
mount -t tmpfs -o size=512m,mode=755 upper "$work/ov"
mkdir -p "$work/ov/u" "$work/ov/w" "$work/ov/root"
root=$work/ov/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/ov/u,workdir=$work/ov/w" "$root"

# None of this machine's enabled units; an id and a journal of its own.
rm -rf "$root"/etc/systemd/system/*.wants "$root"/etc/systemd/system/dbus-org* "$root/var/log/journal"
: >"$root/etc/fstab"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"
mkdir -p "$root/etc/systemd/system" "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d" "$root/old" "$root/share"
printf '[Manager]\nDefaultCPUAccounting=yes\nDefaultMemoryAccounting=yes\nDefaultTasksAccounting=yes\n' >"$root/etc/systemd/system.conf.d/test.conf"
printf '[Journal]\nStorage=volatile\nRateLimitBurst=0\n' >"$root/etc/systemd/journald.conf.d/test.conf"
printf '[Unit]\nRequires=basic.target\nWants=dbus.service\nAfter=basic.target dbus.service\nAllowIsolate=yes\n' >"$root/etc/systemd/system/test.target"
for unit in systemd-sysctl.service systemd-udevd.service systemd-udev-trigger.service systemd-timesyncd.service systemd-modules-load.service \
    systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-binfmt.service proc-sys-fs-binfmt_misc.automount dev-hugepages.mount \
    dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount systemd-remount-fs.service \
    systemd-random-seed.service systemd-firstboot.service systemd-hwdb-update.service tmp.mount modprobe@.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

mount -t proc proc "$root/proc"
protect_sysctls "$root/proc" "$work/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -p "$root/run/lock"
mount --bind "$work/share" "$root/share"

# Where this machine has version 1 controllers, systemd gets them in its hybrid layout: then it accounts memory and tasks.
cgroup=$root/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs "$cgroup"
mkdir "$cgroup/unified" "$cgroup/systemd"
if mount -t cgroup -o none,name=systemd cgroup "$cgroup/systemd" 2>/dev/null; then
    mount -t cgroup2 cgroup2 "$cgroup/unified"
    for controller in cpuacct memory pids blkio freezer devices cpuset; do
        mkdir "$cgroup/$controller"
        mount -t cgroup -o "$controller" cgroup "$cgroup/$controller" 2>/dev/null || rmdir "$cgroup/$controller"
    done
    # systemd expects cpu and cpuacct in one hierarchy; where they are two, cpuacct stands for both.
    mkdir "$cgroup/cpu"
    mount --bind "$cgroup/cpuacct" "$cgroup/cpu" 2>/dev/null || rmdir "$cgroup/cpu"
else
    umount "$cgroup"
    mount -t cgroup2 cgroup2 "$cgroup"
fi

ip link set lo up
hostname systemd-test
cd "$root"
pivot_root . old
umount -l /old
exec env -i container=systemd-test PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    /lib/systemd/systemd --system --unit=test.target --log-target=journal-or-kmsg --show-status=false --crash-shell=no </dev/null >/share/console.log 2>&1
