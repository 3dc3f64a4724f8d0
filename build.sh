#!/usr/bin/env bash
# The one door to HostAgent: builds it, runs it, tests it, publishes it. `./build.sh help` lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
CONFIGURATION=Release
RID=linux-x64

# What each verb needs beyond the .NET SDK: "command-or-file:debian-package" pairs.
NEEDS_PUBLISH="gcc:gcc cmake:cmake make:make ld.lld:lld /usr/include/openssl/ssl.h:libssl-dev /usr/include/zlib.h:zlib1g-dev"
NEEDS_TEST="$NEEDS_PUBLISH /usr/bin/python3:python3 python3-grpcio:python3-grpcio python3-grpc-tools:python3-grpc-tools
    node:nodejs npm:npm unshare:util-linux ip:iproute2 openssl:openssl curl:curl zsh:zsh fish:fish pgrep:procps
    /lib/systemd/systemd:systemd /usr/bin/dbus-daemon:dbus-daemon /usr/sbin/dockerd:docker.io /bin/busybox:busybox-static iptables:iptables
    /usr/lib/postgresql/15/bin/postgres:postgresql-15 prometheus:prometheus"

help() {
    cat <<'HELP'
usage: ./build.sh VERB [ARGUMENT ...]

  run [--once]        build, start an aggregator and one agent on this host (loopback only) and show a live view;
                      Ctrl-C ends both. --once prints one view and exits. History is kept between runs.
  build               compile everything
  test [ROOM ...]     install what is missing, run every test (or those of the rooms named, e.g. Agent Grpc)
  publish             leave the release files in artifacts/: hostagent, hostaggregator, hostctl (one file each)
  bench [NAME ...]    measure; without a name: list the benchmarks
  torture [SECONDS]   kill, cut, fill and damage real processes for SECONDS (default 600), then balance the account
  torture-commands [RUNS]
                      kill agents at every boundary of a command's life (default 1000 times), then count the effects
  fuzz [SECONDS]      throw bytes at every parser of untrusted input for SECONDS (default 60)
  format              format the sources
  clean               remove build outputs and artifacts/ (never the history of ./build.sh run)
  help                this text

Environment: HOSTAGENT_RUN_DIR  where `run` keeps its state (default: the XDG state directory)
HELP
}

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 1; }

# Installs the Debian packages whose command, file or package (last resort) is missing. Never starts a service.
need() {
    local pair what package missing=()
    command -v dotnet >/dev/null || die "the .NET SDK 10 is missing: https://learn.microsoft.com/dotnet/core/install/linux-debian"
    for pair in $*; do
        what=${pair%%:*} package=${pair##*:}
        if [[ $what == /* ]]; then [[ -e $what ]] || missing+=("$package")
        elif [[ $what == "$package" ]]; then
            command -v "$what" >/dev/null || dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
        else command -v "$what" >/dev/null || missing+=("$package"); fi
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        die "these packages are missing; install them and try again:
    sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
    say "installing: ${missing[*]}"
    local policy=/usr/sbin/policy-rc.d made=
    if [[ ! -e $policy ]]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; made=1; fi
    local log status=0
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null || status=$?
    [[ -z $made ]] || rm -f $policy
    if [[ $status -ne 0 ]]; then tail -n 20 "$log" >&2; rm -f "$log"; die "apt-get failed ($status): install ${missing[*]} by hand"; fi
    rm -f "$log"
}

# npm packages of a test folder, from its lock file, when they are not there yet.
need_npm() {
    local folder=$1
    [[ -f $folder/package.json ]] || return 0
    if [[ ! -d $folder/node_modules || $folder/package-lock.json -nt $folder/node_modules ]]; then
        say "npm: $folder"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >/dev/null && touch node_modules)
    fi
}

build() {
    need ""
    dotnet build HostAgent.sln -c $CONFIGURATION -v quiet --nologo -clp:ErrorsOnly\;Summary "$@"
}

# Publishes one program when any source is newer than its file.
publish_one() {
    local project=$1 file=artifacts/$2 sources=(protos grpc "$1" Directory.Build.props Directory.Build.targets Directory.Packages.props)
    if [[ -x $file ]] && [[ -z $(find "${sources[@]}" -newer "$file" -type f \
        \( -name '*.cs' -o -name '*.csproj' -o -name '*.proto' -o -name '*.props' -o -name '*.targets' -o -name '*.html' \) \
        -not -path '*/obj/*' -not -path '*/bin/*' -print -quit) ]]; then
        return 0
    fi
    say "publishing $2 ..."
    local scratch log
    scratch=$(mktemp -d) log=$(mktemp)
    if ! dotnet publish "$project" -c $CONFIGURATION -r $RID -o "$scratch" -v quiet --nologo >"$log" 2>&1; then
        grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
        rm -rf "$scratch" "$log"
        die "publishing $2 failed"
    fi
    mkdir -p artifacts
    mv -f "$scratch/$2" "$file"
    rm -rf "$scratch" "$log"
}

publish() {
    need "$NEEDS_PUBLISH"
    publish_one agent hostagent
    publish_one aggregator hostaggregator
    publish_one cli hostctl
    ls -l artifacts/hostagent artifacts/hostaggregator artifacts/hostctl | awk '{printf "%-28s %6.1f MiB\n", $NF, $5 / 1048576}' >&2
}

# ---- run

run() {
    local once=
    [[ ${1:-} != --once ]] || once=1
    publish
    local state=${HOSTAGENT_RUN_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/hostagent-run}
    mkdir -p "$state"
    chmod 700 "$state"
    rm -f "$state/aggregator/endpoints.json"
    aggregator= agent=
    # Not local: the trap runs when this function is gone. Ends exactly the two processes started here, whatever ends this script.
    finish() {
        trap - EXIT INT TERM
        local pid
        for pid in $agent $aggregator; do kill -TERM "$pid" 2>/dev/null || true; done
        for pid in $agent $aggregator; do wait "$pid" 2>/dev/null || true; done
    }
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    artifacts/hostaggregator serve --data "$state/aggregator" --http "127.0.0.1:$(port 7480)" --grpc "127.0.0.1:$(port 7443)" \
        >>"$state/aggregator.log" 2>&1 </dev/null &
    aggregator=$!
    await "$state/aggregator/endpoints.json" $aggregator "$state/aggregator.log" || exit 1
    artifacts/hostagent run --endpoints "$state/aggregator/endpoints.json" --state "$state/agent" >>"$state/agent.log" 2>&1 </dev/null &
    agent=$!
    local http
    http=$(sed -n 's/.*"http": *"\([^"]*\)".*/\1/p' "$state/aggregator/endpoints.json")
    local deadline=$((SECONDS + 20))
    # Rates need two samples: the first view is shown once it has something to say.
    until artifacts/hostctl --aggregator "$http" top --json 2>/dev/null | grep -q '"cpuRatio": *[0-9]'; do
        kill -0 $agent 2>/dev/null || { tail -n 5 "$state/agent.log" >&2; die "the agent ended; its log is $state/agent.log"; }
        [[ $SECONDS -lt $deadline ]] || { tail -n 5 "$state/agent.log" >&2; die "no sample arrived within 20 s; logs are in $state"; }
        sleep 0.1
    done
    if [[ -n $once ]]; then artifacts/hostctl --aggregator "$http" top --once
    else artifacts/hostctl --aggregator "$http" top || true; fi
}

# The usual port when nothing listens on it, else 0: any free one.
port() { if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then echo 0; else echo "$1"; fi; }

# Waits for a file that a process of ours will write; says what its log said when it dies first.
await() {
    local file=$1 pid=$2 log=$3 deadline=$((SECONDS + 30))
    until [[ -s $file ]]; do
        kill -0 "$pid" 2>/dev/null || { tail -n 5 "$log" >&2; say "build.sh: it ended before it was ready; its log is $log"; return 1; }
        [[ $SECONDS -lt $deadline ]] || { say "build.sh: not ready within 30 s; its log is $log"; return 1; }
        sleep 0.05
    done
}

# ---- test

test_all() {
    need "$NEEDS_TEST"
    local folder
    for folder in $(git ls-files 'tests/*package.json' | xargs -rn1 dirname); do need_npm "$folder"; done
    local passed=0 failed=0 skipped=0 started=$SECONDS
    if ! build; then say "the build failed"; echo "0 passed, 1 failed"; exit 1; fi
    publish
    if [[ $# -eq 0 ]]; then
        say "== format"
        if dotnet format HostAgent.sln --verify-no-changes --no-restore -v quiet; then passed=$((passed + 1))
        else failed=$((failed + 1)); say "dotnet format would change files: run ./build.sh format"; fi
    fi
    local project name log line status from
    for project in tests/*.Tests/*.Tests.csproj; do
        name=$(basename "$project" .csproj)
        if [[ $# -gt 0 ]] && ! printf '%s\n' "$@" | grep -qix "${name%.Tests}"; then continue; fi
        log=$(mktemp) status=0 from=$SECONDS
        say "== ${name%.Tests}"
        HOSTAGENT_ARTIFACTS=$PWD/artifacts timeout --kill-after=20 900 \
            "tests/$name/bin/$CONFIGURATION/net10.0/HostAgent.$name" -noLogo -noColor >"$log" 2>&1 </dev/null || status=$?
        line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+' "$log" | tail -n 1 || true)
        if [[ -z $line ]]; then
            tail -n 60 "$log" >&2; say "$name ended with $status and no summary"; failed=$((failed + 1)); rm -f "$log"; continue
        fi
        local total errors bad skip
        local explicit
        read -r total errors bad skip explicit < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/' <<<"$line")
        skip=$((skip + explicit)) # what runs only when asked for did not pass here
        passed=$((passed + total - bad - skip)) failed=$((failed + bad + errors)) skipped=$((skipped + skip))
        if [[ $status -ne 0 && $((bad + errors)) -eq 0 ]]; then failed=$((failed + 1)); fi
        [[ $status -eq 0 ]] || grep -vE '^\s*$' "$log" | tail -n 200 >&2
        say "   $total tests, $bad failed, $skip skipped, $((SECONDS - from)) s"
        rm -f "$log"
    done
    say "the whole took $((SECONDS - started)) s"
    if [[ $skipped -gt 0 ]]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
    [[ $failed -eq 0 ]]
}

# ---- bench, torture, fuzz

bench() {
    if [[ $# -eq 0 ]]; then
        say "benchmarks (./build.sh bench NAME):"
        sed -n 's/^bench_\([a-z]*\)() { *# *\(.*\)/  \1\t\2/p' build.sh | expand -t 14 >&2
        return
    fi
    need "$NEEDS_TEST"
    local name
    for name in "$@"; do
        declare -F "bench_$name" >/dev/null || die "no benchmark is called $name; ./build.sh bench lists them"
        "bench_$name"
    done
}

bench_agent() { # the whole agent against the bare kernel reads: CPU, memory, wire, allocations  [SECONDS ROUNDS by BENCH_ARGS]
    publish
    dotnet build tests/AgentBench -c $CONFIGURATION -v quiet --nologo
    HOSTAGENT_ARTIFACTS=$PWD/artifacts tests/AgentBench/bin/$CONFIGURATION/net10.0/HostAgent.AgentBench ${BENCH_ARGS:-}
}

bench_grpc() { # our gRPC, grpc-js and grpcio over one TLS connection: calls/s, messages/s, CPU  [--rounds N --seconds S by BENCH_ARGS]
    need_npm tests/Grpc.Tests/Interop/peers/js
    dotnet build tests/GrpcBench -c $CONFIGURATION -v quiet --nologo
    tests/GrpcBench/bin/$CONFIGURATION/net10.0/HostAgent.GrpcBench ${BENCH_ARGS:-}
}

bench_sampling() { # each sampler at full speed against the bare kernel reads: CPU and allocations
    dotnet build tests/SamplingBench -c $CONFIGURATION -v quiet --nologo
    tests/SamplingBench/bin/$CONFIGURATION/net10.0/HostAgent.SamplingBench ${BENCH_ARGS:-}
}

bench_micro() { # tick, frame and chunk codecs, ingest of a batch, a range query: time and allocations  [--filter *Frame* by BENCH_ARGS]
    dotnet build tests/Benchmarks -c $CONFIGURATION -v quiet --nologo
    tests/Benchmarks/bin/$CONFIGURATION/net10.0/HostAgent.Benchmarks ${BENCH_ARGS:-}
}

bench_load() { # 1,000 simulated agents against one aggregator: durable samples/s, ack latency, CPU, RSS  [--ceiling and others by BENCH_ARGS]
    publish
    dotnet build tests/LoadTool -c $CONFIGURATION -v quiet --nologo
    local data pid grpc
    data=$(mktemp -d)
    artifacts/hostaggregator serve --data "$data" --http 127.0.0.1:0 --grpc 127.0.0.1:0 >"$data/log" 2>&1 </dev/null &
    pid=$!
    await "$data/endpoints.json" $pid "$data/log"
    grpc=$(sed -n 's/.*"grpc": *"\([^"]*\)".*/\1/p' "$data/endpoints.json")
    tests/LoadTool/bin/$CONFIGURATION/net10.0/HostAgent.LoadTool --grpc "$grpc" --ca "$data/ca.crt" --pid $pid \
        ${BENCH_ARGS:---agents 1000 --series 100 --interval 1s --duration 25s} || true
    kill -TERM $pid && wait $pid || true
    rm -rf "$data"
}

bench_orders() { # an order received until its handler begins, with fsync: p50 and p99  [ORDERS DIRECTORY by BENCH_ARGS]
    dotnet build tests/CommandTorture -c $CONFIGURATION -v quiet --nologo
    tests/CommandTorture/bin/$CONFIGURATION/net10.0/HostAgent.CommandTorture latency ${BENCH_ARGS:-}
}

bench_commands() { # 1,000 attached agents: request to order read for one host and for all, all final states durable  [AGENTS COMMANDS by BENCH_ARGS]
    publish
    dotnet build tests/CommandBench -c $CONFIGURATION -v quiet --nologo
    local data pid
    data=$(mktemp -d)
    artifacts/hostaggregator serve --data "$data" --http 127.0.0.1:0 --grpc 127.0.0.1:0 >"$data/log" 2>&1 </dev/null &
    pid=$!
    await "$data/endpoints.json" $pid "$data/log"
    tests/CommandBench/bin/$CONFIGURATION/net10.0/HostAgent.CommandBench "$data" ${BENCH_ARGS:-} || true
    kill -TERM $pid && wait $pid || true
    rm -rf "$data"
}

torture() {
    need "$NEEDS_TEST"
    publish
    dotnet build tests/Torture -c $CONFIGURATION -v quiet --nologo
    HOSTAGENT_ARTIFACTS=$PWD/artifacts exec tests/Torture/bin/$CONFIGURATION/net10.0/HostAgent.Torture --seconds "${1:-600}" "${@:2}"
}

torture-commands() {
    need ""
    dotnet build tests/CommandTorture -c $CONFIGURATION -v quiet --nologo
    exec tests/CommandTorture/bin/$CONFIGURATION/net10.0/HostAgent.CommandTorture "${1:-1000}" "${@:2}"
}

fuzz() {
    need ""
    dotnet build tests/Fuzz -c $CONFIGURATION -v quiet --nologo
    exec tests/Fuzz/bin/$CONFIGURATION/net10.0/HostAgent.Fuzz "${1:-60}" "${@:2}"
}

format() { need ""; dotnet format HostAgent.sln; }

clean() {
    rm -rf artifacts BenchmarkDotNet.Artifacts
    git ls-files '*.csproj' | xargs -n1 dirname | while read -r folder; do rm -rf "$folder/bin" "$folder/obj"; done
}

verb=${1:-help}
[[ $# -eq 0 ]] || shift
case $verb in
    test) test_all "$@" ;;
    run | build | publish | bench | torture | torture-commands | fuzz | format | clean | help) "$verb" "$@" ;;
    -h | --help) help ;;
    *) help >&2; exit 64 ;;
esac
