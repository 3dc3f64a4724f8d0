# Sourced by the other scripts: puts this shell into a child of every cgroup hierarchy, so that a cgroup namespace made next has it as its root.
# usage: enter_cgroups NAME; what an aborted run left under the same prefix is removed first.
enter_cgroups() {
    local name=$1 hierarchy own memory
    memory=$(awk -F: '$2 == "memory" { print $3 }' /proc/self/cgroup)
    for hierarchy in /sys/fs/cgroup/*/; do
        # Memory of the children must stay below the cgroup whose limit this shell has.
        [ "${hierarchy%/memory/}" = "$hierarchy" ] || hierarchy=/sys/fs/cgroup/memory${memory%/}/
        find "$hierarchy" -mindepth 1 -maxdepth 1 -type d -name "${name%-*}-*" 2>/dev/null | while read -r left; do
            find "$left" -depth -type d -exec rmdir {} + 2>/dev/null || true
        done
        own=$hierarchy$name
        mkdir "$own" 2>/dev/null || continue
        if [ -e "$own/cpuset.cpus" ]; then
            cat "$hierarchy/cpuset.cpus" >"$own/cpuset.cpus"
            cat "$hierarchy/cpuset.mems" >"$own/cpuset.mems"
        fi
        echo $$ >"$own/cgroup.procs"
    done
}

# Kernel sysctls are the whole machine's: read-only, but for this network namespace's own net/. $1: where proc is mounted, $2: an empty directory.
protect_sysctls() {
    mount -t proc proc "$2"
    mount --bind "$1/sys" "$1/sys"
    mount -o remount,bind,ro "$1/sys"
    mount --bind "$2/sys/net" "$1/sys/net"
    umount "$2"
    if [ -e "$1/sysrq-trigger" ]; then
        mount --bind "$1/sysrq-trigger" "$1/sysrq-trigger"
        mount -o remount,bind,ro "$1/sysrq-trigger"
    fi
}
