#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly FIELD_MANAGER='logs-and-traces'
timeout='10m'
dry_run='' skip_preflight='' skip_smoke='' force=()

usage() {
  cat <<'TEXT'
scripts/deploy.sh [--context <context>] [--values <name>] [--namespace <namespace>] [--dry-run] [--timeout <time>]
                  [--skip-preflight] [--skip-smoke] [--force-conflicts]

Adds the stack of dist/ to a cluster: preflight, a rehearsal by the API server, apply, waiting for every rollout, and
a smoke test.
It creates and changes the objects of dist/ only. Run it again as often as you like, after an interrupt too.

--context <context>      context of kubectl (default: the current one)
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless this is the namespace of the manifests, which cluster.namespace decides
--dry-run                preflight, rehearsal and diff; changes nothing
--timeout <time>         how long one rollout may take (default: 10m)
--skip-preflight         do not look whether the existing cluster fits (needs Node otherwise)
--skip-smoke             do not send a log line and spans at the end (needs Node otherwise)
--force-conflicts        take over fields that somebody else has changed

exit code 0: done; 1: the cluster refused, a rollout did not end, or the smoke test failed; 2: a wrong call
TEXT
}

while (($# > 0)); do
  case "$1" in
    --help) usage && exit 0 ;;
    --dry-run) dry_run=yes ;;
    --skip-preflight) skip_preflight=yes ;;
    --skip-smoke) skip_smoke=yes ;;
    --force-conflicts) force=(--force-conflicts) ;;
    --timeout)
      [[ "${2:-}" =~ ^[0-9]+[smh]$ ]] || die '--timeout needs a time such as 10m' 2
      timeout="$2" && shift
      ;;
    *)
      shared_option "$1" "${2:-}" || die "there is no option $1; see --help" 2
      shift
      ;;
  esac
  shift
done

trap 'die "interrupted; whatever is applied is whole, and running this again goes on from there" 130' INT TERM

need_node() {
  command -v npm >/dev/null || die "$1 needs Node 20 or newer; install it, or pass $2" 2
  [[ -d "$root/node_modules" ]] || die "$1 needs its packages: npm ci; or pass $2" 2
}

check_fit() {
  if [[ -n "$skip_preflight" ]]; then return; fi
  need_node preflight --skip-preflight
  say 'Does the existing cluster fit?'
  local args=(--values "$values")
  if [[ -n "$context" ]]; then args+=(--context "$context"); fi
  (cd "$root" && npm run -s preflight -- "${args[@]}") ||
    die 'mend what fails first, or pass --skip-preflight if you know better'
}

apply() {
  "${kubectl[@]}" apply --server-side --field-manager="$FIELD_MANAGER" ${force[@]+"${force[@]}"} -f "$dist" "$@"
}

# Every object, as the API server would take it: rights, quotas, fields that cannot change, before any is changed.
rehearse() {
  say "Would the API server take $(wc -l <<<"$objects" | tr -d ' ') objects?"
  local answer
  if answer="$(apply --dry-run=server 2>&1)"; then return; fi
  grep -v 'server dry run' <<<"$answer" >&2 || true
  case "$answer" in
    *'forbidden: User'*) die 'nothing was changed: ask for the rights that are named above, or use another --context' ;;
    *'ensure CRDs are installed'*) die 'nothing was changed: install kube-prometheus-stack first, docs/setup-prometheus-first.md' ;;
    *'conflict with'*) die 'nothing was changed: somebody else changed the fields above; put them into the values, or pass --force-conflicts to undo their change' ;;
    *immutable* | *'Forbidden: '*) die 'nothing was changed: a field above cannot change in place; npm run review tells how to go about it' ;;
    *) die 'nothing was changed; the reason is above' ;;
  esac
}

wait_for_rollouts() {
  local kind object_namespace name
  while read -r kind _ object_namespace name; do
    case "$kind" in Deployment | StatefulSet | DaemonSet) ;; *) continue ;; esac
    say "Waiting for $kind $name, $timeout at most"
    "${kubectl[@]}" rollout status -n "$object_namespace" "$kind/$name" --timeout="$timeout" </dev/null ||
      explain_failure "$kind" "$object_namespace" "$name"
  done <<<"$objects"
}

explain_failure() {
  say "What the pods of $3 say"
  "${kubectl[@]}" get pods -n "$2" -l "app=$3,$PART_OF" -o wide </dev/null || true
  "${kubectl[@]}" get events -n "$2" --field-selector type=Warning --sort-by=.lastTimestamp </dev/null | tail -n 10 || true
  die "$1 $3 did not roll out in $timeout: docs/troubleshooting.md; then run this again"
}

smoke_test() {
  if [[ -n "$skip_smoke" ]]; then return; fi
  say 'Does a log line and a span get through?'
  local args=(--values "$values")
  if [[ -n "$context" ]]; then args+=(--context "$context"); fi
  "$root/scripts/smoke.sh" "${args[@]}" ||
    die 'everything runs, and not everything gets through: docs/troubleshooting.md; then scripts/smoke.sh again'
}

tell_where() {
  say 'Done. Where things are:'
  local columns='NAMESPACE:.metadata.namespace,HOSTS:.spec.rules[*].host'
  "${kubectl[@]}" get ingress -A -l "$PART_OF" --no-headers -o "custom-columns=$columns" |
    awk '{ print "    https://" $2 }'
  local service
  service="$("${kubectl[@]}" get service -A -l app.kubernetes.io/name=grafana --no-headers \
    -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name' | head -n 1)"
  if [[ -z "$service" ]]; then return; fi
  local grafana_namespace grafana
  read -r grafana_namespace grafana <<<"$service"
  cat <<TEXT
    Grafana: its datasources Loki and Tempo are in Explore; where it has no Ingress:
      kubectl port-forward -n $grafana_namespace service/$grafana 3000:80     then http://localhost:3000, user admin
      kubectl get secret -n $grafana_namespace $grafana -o jsonpath='{.data.admin-password}' | base64 -d
TEXT
}

need_cluster
need_manifests
if [[ -z "$skip_smoke" ]]; then need_node 'the smoke test' --skip-smoke; fi
check_fit
rehearse
if [[ -n "$dry_run" ]]; then
  say 'What would change:'
  "${kubectl[@]}" diff --server-side --field-manager="$FIELD_MANAGER" ${force[@]+"${force[@]}"} -f "$dist" || (($? == 1))
  say 'Nothing was changed.'
  exit 0
fi
say "Applying ${dist#"$root"/}/"
apply
wait_for_rollouts
smoke_test
tell_where
