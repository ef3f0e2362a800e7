#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
  cat <<'TEXT'
scripts/smoke.sh [--context <context>] [--values <name>] [--namespace <namespace>] [--timeout <seconds>] [--json]

Sends a log line and one span per protocol into the stack through kubectl port-forward, and looks for them at every hop:
Loki, the agent, Tempo, Prometheus, Grafana. Of stores outside the cluster, it reports what the metrics of their senders
say. With routes of a Gateway, it also checks that they are accepted and not open. It adds one line and a few spans to
the stores and starts no pod. Requires Node, and the local ports 4317, 4318, 9411, 14250 and 14268.

--context <context>      kubectl context (default: the current one); cluster.context in the values refuses any other
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless cluster.namespace is this namespace
--timeout <seconds>      time limit for everything to arrive (default: 120)
--json                   print JSON
GRAFANA_PASSWORD (with GRAFANA_USER, default admin) or GRAFANA_TOKEN logs in to Grafana; without them Grafana is skipped.

exit code 0: no hop fails; 1: a hop fails; 2: usage error
TEXT
}

smoke=(--without-udp)
while (($# > 0)); do
  case "$1" in
    --help) usage && exit 0 ;;
    --json) smoke+=(--json) ;;
    --timeout)
      [[ "${2:-}" =~ ^[0-9]+$ ]] || die '--timeout must be a number of seconds' 2
      smoke+=(--timeout "$2") && shift
      ;;
    *)
      shared_option "$1" "${2:-}" || die "unknown option $1; see --help" 2
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

# Forwards local ports to a Service and waits until the first one accepts connections: `namespace name local:remote …`.
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
  printf 'cannot reach service/%s after %s tries: %s\n' "$name" "$tries" "$(tail -n 1 "$problems")" >&2
}

need_manifests
need_cluster
command -v node >/dev/null || die 'node is not on PATH; install Node 20 or newer' 2
print_cluster 'Testing' >&2
problems="$(temporary_file)"
trap 'stop_forwards; rm -f "$problems"' EXIT
stack="$(awk '$1 == "StatefulSet" || $1 == "Deployment" { print $3; exit }' <<<"$objects")"
# Without a collector, because clients sample, Tempo receives spans on the same ports.
entrance=tempo
if grep -q ' otel-collector$' <<<"$objects"; then entrance=otel-collector; fi
say 'Forwarding ports' >&2
smoke+=(--values "$values")
if grep -q '^Service .* loki$' <<<"$objects"; then
  forward "$stack" loki 13100:3100
  smoke+=(--loki http://127.0.0.1:13100)
fi
if grep -q '^Service .* tempo$' <<<"$objects"; then
  forward "$stack" tempo 13200:3100
  smoke+=(--tempo http://127.0.0.1:13200)
fi
if grep -q "^Service .* $entrance\$" <<<"$objects"; then
  forward "$stack" "$entrance" 4317:4317 4318:4318 9411:9411 14250:14250 14268:14268
  smoke+=(--collector 127.0.0.1)
fi
read -r server_namespace server port <<<"$(service_with_label operated-prometheus=true)" || true
if [[ -n "$server" ]]; then
  forward "$server_namespace" "$server" "19090:$port"
  smoke+=(--prometheus http://127.0.0.1:19090)
fi
read -r grafana_namespace grafana port <<<"$(service_with_label app.kubernetes.io/name=grafana)" || true
if [[ -n "$grafana" ]] && grep -q ' grafana-datasources-logs-and-traces$' <<<"$objects"; then
  forward "$grafana_namespace" "$grafana" "13000:$port"
  smoke+=(--grafana http://127.0.0.1:13000)
fi
if grep -q '^HTTPRoute ' <<<"$objects"; then
  smoke+=(--gateway)
  if [[ -n "$context" ]]; then smoke+=(--context "$context"); fi
fi
cd "$root"
node scripts/run.cjs scripts/smoke.ts "${smoke[@]}"
