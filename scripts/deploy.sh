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

Adds the stack of dist/ to a cluster: runs preflight, has the API server check every object, applies them, waits for
every rollout, and runs a smoke test. It creates and changes only the objects of dist/. You can run it repeatedly, also
after an interruption.

--context <context>      kubectl context (default: the current one); cluster.context in the values refuses any other
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless cluster.namespace is this namespace
--dry-run                run preflight and the check by the API server, and print the diff; changes nothing
--timeout <time>         time limit for each rollout (default: 10m)
--skip-preflight         do not check whether the existing cluster fits (preflight requires Node)
--skip-smoke             do not send a log line and spans at the end (the smoke test requires Node)
--force-conflicts        overwrite fields that another field manager changed

exit code 0: done; 1: the cluster rejected a change, a rollout did not finish, or the smoke test failed; 2: usage error
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
      [[ "${2:-}" =~ ^[0-9]+[smh]$ ]] || die '--timeout must be a duration such as 10m' 2
      timeout="$2" && shift
      ;;
    *)
      shared_option "$1" "${2:-}" || die "unknown option $1; see --help" 2
      shift
      ;;
  esac
  shift
done

trap 'die "interrupted; every applied object is complete, and running this again continues from here" 130' INT TERM

need_node() {
  command -v npm >/dev/null || die "$1 requires Node 20 or newer; install it, or pass $2" 2
  [[ -d "$root/node_modules" ]] || die "$1 requires its packages: npm ci; or pass $2" 2
}

# Options that select the same cluster for other programs.
same_cluster() {
  others=(--values "$values")
  if [[ -n "$context" ]]; then others+=(--context "$context"); fi
}

check_fit() {
  if [[ -n "$skip_preflight" ]]; then return; fi
  need_node preflight --skip-preflight
  say 'Checking whether the existing cluster fits'
  same_cluster
  (cd "$root" && npm run -s preflight -- "${others[@]}" --grafana) ||
    die 'fix the failed checks, or pass --skip-preflight to ignore them'
}

apply() {
  "${kubectl[@]}" apply --server-side --field-manager="$FIELD_MANAGER" ${force[@]+"${force[@]}"} -f "$dist" "$@"
}

# Has the API server check every object (permissions, quotas, immutable fields) before any object changes.
rehearse() {
  say "Checking $(wc -l <<<"$objects" | tr -d ' ') objects with the API server"
  local answer
  if answer="$(apply --dry-run=server 2>&1)"; then return; fi
  grep -v 'server dry run' <<<"$answer" >&2 || true
  case "$answer" in
    *'forbidden: User'*) die 'nothing was changed: request the permissions named above, or use another --context' ;;
    *'ensure CRDs are installed'*) die 'nothing was changed: install what defines the kinds named above first, such as kube-prometheus-stack: docs/setup-prometheus-first.md' ;;
    *'conflict with'*) die 'nothing was changed: another field manager changed the fields above; set them in the values, or pass --force-conflicts to overwrite them' ;;
    *immutable* | *'Forbidden: '*) die 'nothing was changed: a field above is immutable; npm run review explains what to do' ;;
    *) die 'nothing was changed: fix the error above and run this again' ;;
  esac
}

wait_for_rollouts() {
  local kind object_namespace name
  while read -r kind _ object_namespace name; do
    case "$kind" in Deployment | StatefulSet | DaemonSet) ;; *) continue ;; esac
    say "Waiting up to $timeout for $kind $name"
    "${kubectl[@]}" rollout status -n "$object_namespace" "$kind/$name" --timeout="$timeout" </dev/null ||
      explain_failure "$kind" "$object_namespace" "$name"
  done <<<"$objects"
}

explain_failure() {
  say "Pods and warnings of $3"
  "${kubectl[@]}" get pods -n "$2" -l "app=$3,$PART_OF" -o wide </dev/null || true
  "${kubectl[@]}" get events -n "$2" --field-selector type=Warning --sort-by=.lastTimestamp </dev/null | tail -n 10 || true
  die "$1 $3 did not roll out in $timeout: see docs/troubleshooting.md, then run this again"
}

smoke_test() {
  if [[ -n "$skip_smoke" ]]; then return; fi
  say 'Sending a log line and spans'
  same_cluster
  "$root/scripts/smoke.sh" "${others[@]}" ||
    die 'all pods are running, but not every signal arrives: see docs/troubleshooting.md, then run scripts/smoke.sh again'
}

# Name and key of the Secret for an environment variable of Grafana, regardless of what installed Grafana.
grafana_secret() {
  "${kubectl[@]}" get deployments,statefulsets -n "$1" -l app.kubernetes.io/name=grafana -o \
    "jsonpath={range .items[*].spec.template.spec.containers[*].env[?(@.name==\"$2\")]}{.valueFrom.secretKeyRef.name} {.valueFrom.secretKeyRef.key}{\"\\n\"}{end}" \
    2>/dev/null | awk 'NF == 2 { print; exit }' || true
}

print_login() {
  local variable secret key
  for variable in GF_SECURITY_ADMIN_USER GF_SECURITY_ADMIN_PASSWORD; do
    read -r secret key <<<"$(grafana_secret "$1" "$variable")" || true
    if [[ -n "${secret:-}" ]]; then
      printf "      %s get secret -n %s %s -o go-template='{{index .data \"%s\" | base64decode}}{{\"\\\\n\"}}'\n" \
        "$kubectl_command" "$1" "$secret" "$key"
    elif [[ "$variable" == *PASSWORD ]]; then
      printf '      no Secret contains the Grafana password; ask the person who installed Grafana\n'
    fi
  done
}

print_addresses() {
  say 'Done. Addresses:'
  local columns='NAMESPACE:.metadata.namespace,HOSTS:.spec.rules[*].host'
  "${kubectl[@]}" get ingress -A -l "$PART_OF" --no-headers -o "custom-columns=$columns" |
    awk '{ print "    https://" $2 }'
  if grep -q '^HTTPRoute ' <<<"$objects"; then
    "${kubectl[@]}" get httproutes.gateway.networking.k8s.io -A -l "$PART_OF" --no-headers \
      -o 'custom-columns=HOSTS:.spec.hostnames[0]' | awk '{ print "    https://" $1 }'
  fi
  local grafana_namespace grafana port
  read -r grafana_namespace grafana port <<<"$(service_with_label app.kubernetes.io/name=grafana)" || true
  if [[ -z "$grafana" ]]; then return; fi
  printf '    Grafana: the Explore page has the datasources Loki and Tempo. Without an Ingress, open http://localhost:3000 after:\n'
  printf '      %s port-forward -n %s service/%s 3000:%s\n' "$kubectl_command" "$grafana_namespace" "$grafana" "$port"
  print_login "$grafana_namespace"
}

need_manifests
need_cluster
if [[ -z "$skip_smoke" ]]; then need_node 'the smoke test' --skip-smoke; fi
print_cluster 'Deploying to'
check_fit
rehearse
if [[ -n "$dry_run" ]]; then
  say 'Changes:'
  "${kubectl[@]}" diff --server-side --field-manager="$FIELD_MANAGER" ${force[@]+"${force[@]}"} -f "$dist" || (($? == 1))
  say 'Nothing was changed.'
  exit 0
fi
say "Applying ${dist#"$root"/}/"
apply
wait_for_rollouts
smoke_test
print_addresses
