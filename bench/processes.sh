# Sourced by the scripts beside it: starts and ends what they measure. Everything listens on loopback, and everything that was started ends with the script.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
started=()
epp_dir=${EPP_DIR:-$root/artifacts/epp}
load_generator=$root/artifacts/bin/EndpointPicker.LoadGenerator/release/epp-load
simulator=$root/artifacts/bin/ModelServerSimulator/release/model-server-sim

finish() {
    local pid
    for pid in "${started[@]}"; do kill -9 "$pid" 2> /dev/null; done
    wait 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

# launch NAME COMMAND...: in the background, output to $work/NAME.log; the process's id is in $launched.
launch() {
    local name=$1
    shift
    "$@" > "$work/$name.log" 2>&1 &
    launched=$!
    started+=("$launched")
}

stop() { kill -9 "$1" 2> /dev/null; wait "$1" 2> /dev/null; }

# number NAME: the number under that key in the JSON line on standard input.
number() { sed -n "s/.*\"$1\":\(-\{0,1\}[0-9.eE+-]*\).*/\1/p" | head -n 1; }

# percentile KEY NAME: as number, of an object's member, as in "decision_us":{"p50":1}.
percentile() { sed -n "s/.*\"$1\":{[^}]*\"$2\":\([0-9.eE+-]*\).*/\1/p" | head -n 1; }

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

calculate() { awk "BEGIN { $1 }"; }

build() {
    [ "${EPP_DIR:-}" ] || dotnet publish "$root/src/EndpointPicker" -c Release -o "$epp_dir" -v:q > "$work/publish.log" 2>&1 || { cat "$work/publish.log" >&2; fail "publishing failed"; }
    dotnet build "$root/bench/EndpointPicker.LoadGenerator" -c Release -v:q > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "building the load generator failed"; }
    if [ ! "${EXTPROCLOAD_PATH:-}" ] || [ "${1:-}" = simulator ]; then
        dotnet build "$root/src/ModelServerSimulator" -c Release -v:q > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "building the simulator failed"; }
    fi
}

# The driver: extprocload where EXTPROCLOAD_PATH names it, else our own. Both have the same JSON.
driver_name() {
    if [ "${EXTPROCLOAD_PATH:-}" ]; then echo "extprocload"; else echo "this repository's load generator; its null server is C# on Kestrel with generated protobuf code"; fi
}

# start_servers COUNT PORT: model servers to scrape, listed in $work/endpoints.yaml.
start_servers() {
    local count=$1 port=$2 i
    if [ "${EXTPROCLOAD_PATH:-}" ]; then
        launch servers "$EXTPROCLOAD_PATH" pods -n "$count" -base-port "$port" -endpoints "$work/endpoints.yaml" -metrics "$(metrics_page)"
    else
        launch servers "$simulator" --data-parallel-size "$count" --port "$port"
        {
            echo "endpoints:"
            for ((i = 0; i < count; i++)); do echo "- { name: server-$i, address: 127.0.0.1, port: \"$((port + i))\" }"; done
        } > "$work/endpoints.yaml"
    fi
    servers_pid=$launched
    wait_for "http://127.0.0.1:$port/metrics"
}

# A page as a real server prints it, where the captures are at hand.
metrics_page() {
    local page=${EPP_FIXTURES:-}/engines/vllm-0.32.0/metrics/01-idle-at-start.txt
    [ -f "$page" ] || fail "extprocload needs a captured metrics page: set EPP_FIXTURES to the folder of captures"
    echo "$page"
}

start_null() {
    if [ "${EXTPROCLOAD_PATH:-}" ]; then
        launch null "$EXTPROCLOAD_PATH" null -addr "127.0.0.1:$1"
    else
        launch null "$load_generator" null --port "$1"
    fi
    null_pid=$launched
}

# start_epp GRPC_PORT ADMIN_PORT FLAGS...: the picker with the default scorers over $work/endpoints.yaml.
start_epp() {
    local grpc=$1 admin=$2
    shift 2
    configuration > "$work/config.yaml"
    launch epp "$epp_dir/epp" --pool-name bench --config-file "$work/config.yaml" --secure-serving=false \
        --grpc-port "$grpc" --grpc-health-port $((admin + 1)) --metrics-port "$admin" "$@"
    epp_pid=$launched
    wait_for "http://127.0.0.1:$admin/readyz"
}

configuration() {
    cat << YAML
apiVersion: llm-d.ai/v1alpha1
kind: EndpointPickerConfig
plugins:
- type: queue-scorer
- type: kv-cache-utilization-scorer
- type: lora-affinity-scorer
- type: prefix-cache-scorer
- type: max-score-picker
- type: file-discovery
  parameters: { path: $work/endpoints.yaml, watchFile: true }
schedulingProfiles:
- name: default
  plugins:
  - { pluginRef: queue-scorer, weight: 2 }
  - { pluginRef: kv-cache-utilization-scorer, weight: 2 }
  - { pluginRef: lora-affinity-scorer, weight: 1 }
  - { pluginRef: prefix-cache-scorer, weight: 3 }
  - { pluginRef: max-score-picker }
dataLayer:
  discovery: { pluginRef: file-discovery }
YAML
}

wait_for() {
    local i
    for ((i = 0; i < 300; i++)); do
        curl -sf -o /dev/null "$1" && return 0
        sleep 0.1
    done
    tail -n 5 "$work"/*.log >&2
    fail "nothing answers at $1"
}

# drive PORT PID WARMUP SECONDS VERIFY mode=M [prompt=N] [streams=N] [distinct=N] [chunks=N] [rate=N]: one line of JSON.
drive() {
    local port=$1 pid=$2 warmup=$3 seconds=$4 verify=$5 pair arguments=()
    shift 5
    if [ "${EXTPROCLOAD_PATH:-}" ]; then
        arguments=(load -addr "127.0.0.1:$port" -pid "$pid" -warmup "${warmup}s" -duration "${seconds}s" "-verify=$verify")
        for pair in "$@"; do
            case $pair in
                mode=*) arguments+=(-mode "${pair#*=}") ;;
                prompt=*) arguments+=(-prompt-bytes "${pair#*=}") ;;
                streams=*) arguments+=(-streams "${pair#*=}") ;;
                distinct=*) arguments+=(-distinct "${pair#*=}") ;;
                chunks=*) arguments+=(-resp-chunks "${pair#*=}") ;;
                rate=*) arguments+=(-rate "${pair#*=}") ;;
            esac
        done
        "$EXTPROCLOAD_PATH" "${arguments[@]}"
    else
        arguments=(--target "http://127.0.0.1:$port" --pid "$pid" --warmup "${warmup}s" --duration "${seconds}s" "--verify=$verify" --connections 2)
        for pair in "$@"; do
            case $pair in
                prompt=*) arguments+=(--prompt-bytes "${pair#*=}") ;;
                chunks=*) arguments+=(--response-chunks "${pair#*=}") ;;
                *) arguments+=("--${pair%%=*}" "${pair#*=}") ;;
            esac
        done
        "$load_generator" "${arguments[@]}"
    fi
}

# cpu_seconds PID: user and system time so far.
cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"; }

rss_mib() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

machine() { echo "$(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), .NET $(dotnet --version), load average $(cut -d' ' -f1 /proc/loadavg) at the start"; }
