#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
  cat <<'TEXT'
scripts/smoke.sh [--context <context>] [--values <name>] [--namespace <namespace>] [--timeout <seconds>] [--json]

Sends a log line and a span by each protocol into the stack, by kubectl port-forward, and looks for them at every stop
of their way: Loki, the agent, Tempo, Prometheus, Grafana. It adds one line and a few spans to the stores, and starts
no pod. Needs Node, and the ports 4317, 4318, 9411, 14250 and 14268 of this machine free.

--context <context>      context of kubectl (default: the current one)
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless this is the namespace of the manifests
--timeout <seconds>      time in which everything has to arrive (default: 120)
--json                   for machines
GRAFANA_PASSWORD (with GRAFANA_USER, default admin) or GRAFANA_TOKEN is the login of Grafana; without, it is left out.

exit code 0: no hop fails; 1: one does; 2: a wrong call
TEXT
}

smoke=(--without-udp)
while (($# > 0)); do
  case "$1" in
    --help) usage && exit 0 ;;
    --json) smoke+=(--json) ;;
    --timeout)
      [[ "${2:-}" =~ ^[0-9]+$ ]] || die '--timeout needs a number of seconds' 2
      smoke+=(--timeout "$2") && shift
      ;;
    *)
      shared_option "$1" "${2:-}" || die "there is no option $1; see --help" 2
      shift
      ;;
  esac
  shift
done

forwards=()
stop_forwards() {
  if ((${#forwards[@]} > 0)); then kill "${forwards[@]}" 2>/dev/null || true; fi
}
trap stop_forwards EXIT
trap 'die "interrupted" 130' INT TERM

# Forwards local ports to those of a Service, and waits until the first one answers: `namespace name local:remote …`.
forward() {
  local from="$1" name="$2" first="${3%%:*}"
  shift 2
  "${kubectl[@]}" port-forward -n "$from" "service/$name" "$@" >/dev/null 2>"$problems" </dev/null &
  local tries pid=$!
  forwards+=("$pid")
  for tries in {1..100}; do
    if (: </dev/tcp/127.0.0.1/"$first") 2>/dev/null; then return; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  printf 'no way to service/%s after %s tries: %s\n' "$name" "$tries" "$(tail -n 1 "$problems")" >&2
}

# Namespace and name of the first Service with a label, or nothing.
service_labelled() {
  "${kubectl[@]}" get service -A -l "$1" --no-headers -o 'custom-columns=NS:.metadata.namespace,NAME:.metadata.name' | head -n 1
}

need_cluster
need_manifests
command -v node >/dev/null || die 'there is no Node on PATH: 20 or newer is needed' 2
problems="$(mktemp)"
trap 'stop_forwards; rm -f "$problems"' EXIT
stack="$(awk '$1 == "StatefulSet" || $1 == "Deployment" { print $3; exit }' <<<"$objects")"
# Where clients sample there is no collector, and Tempo takes spans on the same ports.
entrance=tempo
if grep -q ' otel-collector$' <<<"$objects"; then entrance=otel-collector; fi
say 'Forwarding ports' >&2
forward "$stack" loki 13100:3100
forward "$stack" tempo 13200:3100
forward "$stack" "$entrance" 4317:4317 4318:4318 9411:9411 14250:14250 14268:14268
smoke+=(--loki http://127.0.0.1:13100 --tempo http://127.0.0.1:13200 --collector 127.0.0.1 --values "$values")
read -r server_namespace server <<<"$(service_labelled operated-prometheus=true)" || true
if [[ -n "$server" ]]; then
  forward "$server_namespace" "$server" 19090:9090
  smoke+=(--prometheus http://127.0.0.1:19090)
fi
read -r grafana_namespace grafana <<<"$(service_labelled app.kubernetes.io/name=grafana)" || true
if [[ -n "$grafana" ]]; then
  forward "$grafana_namespace" "$grafana" 13000:80
  smoke+=(--grafana http://127.0.0.1:13000)
fi
cd "$root"
node scripts/run.cjs scripts/smoke.ts "${smoke[@]}"
