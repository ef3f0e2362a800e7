#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

dry_run='' delete_data='' yes=''
# Kinds that contain data, or that claims with data depend on. They remain unless --delete-data is given.
readonly DATA_KINDS='PersistentVolumeClaim StorageClass'
# Kinds of the manifests: built-in kinds in one call, and one call per custom resource, because kubectl fails completely
# if it does not know a kind.
readonly KINDS=(
  'deployments.apps,statefulsets.apps,daemonsets.apps,services,configmaps,secrets,serviceaccounts,persistentvolumeclaims,ingresses.networking.k8s.io,networkpolicies.networking.k8s.io,poddisruptionbudgets.policy,clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,storageclasses.storage.k8s.io'
  servicemonitors.monitoring.coreos.com
  prometheusrules.monitoring.coreos.com
  httproutes.gateway.networking.k8s.io
  securitypolicies.gateway.envoyproxy.io
  listenerruleconfigurations.gateway.k8s.aws
  targetgroupconfigurations.gateway.k8s.aws
  middlewares.traefik.io
)

usage() {
  cat <<'TEXT'
scripts/cleanup.sh [--context <context>] [--values <name>] [--namespace <namespace>] [--dry-run]
                   [--delete-data [--yes]]

Removes the objects of dist/ from a cluster. Objects with the same name but without the label of this
stack remain. Volumes remain too, and deploy.sh reuses them. You can run it repeatedly, also after an interruption.

--context <context>      kubectl context (default: the current one); cluster.context in the values refuses any other
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless cluster.namespace is this namespace
--dry-run                list what would be removed and what would remain; changes nothing
--delete-data            remove the volumes too, with every log and trace in them; asks for the name of the cluster
--yes                    do not ask for confirmation

exit code 0: done; 1: an object could not be removed; 2: usage error
TEXT
}

while (($# > 0)); do
  case "$1" in
    --help) usage && exit 0 ;;
    --dry-run) dry_run=yes ;;
    --delete-data) delete_data=yes ;;
    --yes) yes=yes ;;
    *)
      shared_option "$1" "${2:-}" || die "unknown option $1; see --help" 2
      shift
      ;;
  esac
  shift
done

trap 'die "interrupted; run this again to remove the rest" 130' INT TERM

is_data() { [[ " $DATA_KINDS " == *" $1 "* ]]; }

# The kind in the syntax of kubectl: `Deployment.v1.apps`, `Service`.
resource() {
  if [[ "$2" == */* ]]; then printf '%s.%s.%s' "$1" "${2#*/}" "${2%%/*}"; else printf '%s' "$1"; fi
}

# Sorts the existing objects into `remove`, `keep` and `foreign` (not managed by this stack).
sort_objects() {
  remove=() keep=() foreign=()
  local data=() rest=()
  local columns='KIND:.kind,API:.apiVersion,NAMESPACE:.metadata.namespace,NAME:.metadata.name,PART:.metadata.labels.app\.kubernetes\.io/part-of'
  local found problems kind api object_namespace name part
  problems="$(temporary_file)"
  found="$("${kubectl[@]}" get -f "$dist" --ignore-not-found --no-headers -o "custom-columns=$columns" 2>"$problems")" || true
  # If the cluster does not know a kind, there are no objects of that kind.
  if grep -vE 'no matches for kind|ensure CRDs are installed' "$problems" >&2; then
    rm "$problems"
    die 'nothing was removed: kubectl could not look up every object; fix the error above and run this again'
  fi
  rm "$problems"
  while read -r kind api object_namespace name part; do
    [[ -n "$kind" ]] || continue
    local line
    line="$(resource "$kind" "$api") $object_namespace $name"
    if [[ "$part" != 'logs-and-traces' ]]; then foreign+=("$line")
    elif [[ "$kind" == HTTPRoute ]]; then remove+=("$line")
    elif ! is_data "$kind"; then rest+=("$line")
    elif [[ -n "$delete_data" ]]; then data+=("$line")
    else keep+=("$line"); fi
  done <<<"$found"
  # A route without its policy is open, so routes come first. A claim is deleted only after the last pod that uses it.
  remove+=(${rest[@]+"${rest[@]}"} ${data[@]+"${data[@]}"})
}

list() {
  local title="$1" line
  shift
  if (($# == 0)); then return; fi
  say "$title"
  for line in "$@"; do printf '    %s\n' "$line"; done
}

# The volumes of the claims to delete. With reclaim policy Retain they outlive the claims.
volumes_of_claims() {
  local line kind object_namespace name
  for line in ${remove[@]+"${remove[@]}"}; do
    read -r kind object_namespace name <<<"$line"
    if [[ "$kind" != PersistentVolumeClaim ]]; then continue; fi
    "${kubectl[@]}" get pvc -n "$object_namespace" "$name" --ignore-not-found -o 'jsonpath={.spec.volumeName}{"\n"}'
  done | grep . || true
}

confirm() {
  if [[ -z "$delete_data" || -n "$yes" ]]; then return; fi
  [[ -t 0 ]] || die '--delete-data asks for confirmation: run it in a terminal, or pass --yes' 2
  local wanted="${cluster:-$server}" answer
  printf 'This deletes every log and trace of this stack in the cluster. Type its name (%s) to continue: ' "$wanted"
  read -r answer
  [[ "$answer" == "$wanted" ]] || die 'nothing was removed' 2
}

remove_objects() {
  local line kind object_namespace name failed=''
  for line in ${remove[@]+"${remove[@]}"}; do
    read -r kind object_namespace name <<<"$line"
    local where=()
    if [[ "$object_namespace" != '<none>' ]]; then where=(-n "$object_namespace"); fi
    "${kubectl[@]}" delete "$kind/$name" ${where[@]+"${where[@]}"} --ignore-not-found --timeout=5m </dev/null || failed=yes
  done
  [[ -z "$failed" ]] || die 'some objects could not be removed: fix the errors above and run this again'
}

# Remaining objects with the label of this stack.
own_objects() {
  local kinds
  for kinds in "${KINDS[@]}"; do
    "${kubectl[@]}" get "$kinds" -A -l "$PART_OF" --no-headers --ignore-not-found \
      -o 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name' 2>/dev/null || true
  done
}

print_remaining() {
  local rest volumes="$1"
  rest="$(own_objects)"
  if [[ -n "$rest" ]]; then
    say 'Remaining objects of this stack (claims with data, and objects that dist/ no longer contains)'
    awk '{ print "    " $1, $2, $3 }' <<<"$rest"
  fi
  local volume
  for volume in $volumes; do
    if "${kubectl[@]}" get pv "$volume" >/dev/null 2>&1; then
      printf '    PersistentVolume %s, which its StorageClass retains; delete it and its disk if you no longer need the data\n' "$volume"
    fi
  done
  local grafana
  grafana="$(awk '$1 == "Secret" { print $3; exit }' <<<"$objects")"
  local state=''
  if grep -q ' promtail$' <<<"$objects"; then
    state=$'    /var/lib/promtail on each node: positions in log files, a few kB, harmless\n'
  elif grep -q ' otel-agent$' <<<"$objects"; then
    state=$'    /var/lib/otel-agent on each node: positions in log files, and unsent lines, up to otelAgent.queue.size\n'
  fi
  cat <<TEXT
==> Remaining data outside these objects
$state    datasources in Grafana's database, which keeps them when their file is removed. To delete them, give Grafana's
    sidecar (grafana.datasourceLabel in the values) this ConfigMap, and delete it a minute later:
      $kubectl_command create configmap forget-logs-and-traces -n $grafana --from-literal=forget-logs-and-traces.yaml='{"apiVersion": 1, "deleteDatasources": [{"name": "Loki", "orgId": 1}, {"name": "Tempo", "orgId": 1}]}'
      $kubectl_command label configmap forget-logs-and-traces -n $grafana grafana_datasource=1
      $kubectl_command delete configmap forget-logs-and-traces -n $grafana
TEXT
}

need_manifests
need_cluster
print_cluster 'Cleaning up'
sort_objects
list 'Remaining: same name, but not managed by this stack' ${foreign[@]+"${foreign[@]}"}
list 'Remaining: volumes with data (--delete-data removes them)' ${keep[@]+"${keep[@]}"}
list 'To be removed' ${remove[@]+"${remove[@]}"}
if [[ -n "$dry_run" ]]; then
  say 'Nothing was removed.'
  exit 0
fi
volumes="$(volumes_of_claims)"
confirm
remove_objects
print_remaining "$volumes"
say 'Done.'
