#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

dry_run='' delete_data='' yes=''
# Kinds with data, or that claims with data need; they stay unless --delete-data says otherwise.
readonly DATA_KINDS='PersistentVolumeClaim StorageClass'
readonly OWN_KINDS='deployments.apps,statefulsets.apps,daemonsets.apps,services,configmaps,secrets,serviceaccounts,persistentvolumeclaims,ingresses.networking.k8s.io,networkpolicies.networking.k8s.io,poddisruptionbudgets.policy,clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,storageclasses.storage.k8s.io,priorityclasses.scheduling.k8s.io'

usage() {
  cat <<'TEXT'
scripts/cleanup.sh [--context <context>] [--values <name>] [--namespace <namespace>] [--dry-run]
                   [--delete-data [--yes]]

Removes the objects of dist/ from a cluster, and nothing else: what has their name and is not labelled as ours stays.
Volumes stay too, and deploy.sh takes them up again. Run it again as often as you like, after an interrupt too.

--context <context>      context of kubectl (default: the current one)
--values <name>          cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--namespace <namespace>  stop unless this is the namespace of the manifests
--dry-run                list what would be removed and what would stay; changes nothing
--delete-data            remove the volumes as well, with every log and trace in them; asks first
--yes                    do not ask

exit code 0: done; 1: something could not be removed; 2: a wrong call
TEXT
}

while (($# > 0)); do
  case "$1" in
    --help) usage && exit 0 ;;
    --dry-run) dry_run=yes ;;
    --delete-data) delete_data=yes ;;
    --yes) yes=yes ;;
    *)
      shared_option "$1" "${2:-}" || die "there is no option $1; see --help" 2
      shift
      ;;
  esac
  shift
done

trap 'die "interrupted; run this again to remove the rest" 130' INT TERM

is_data() { [[ " $DATA_KINDS " == *" $1 "* ]]; }

# The kind as kubectl takes it: `Deployment.v1.apps`, `Service`.
resource() {
  if [[ "$2" == */* ]]; then printf '%s.%s.%s' "$1" "${2#*/}" "${2%%/*}"; else printf '%s' "$1"; fi
}

# Sorts the objects that are there: `remove` and `keep`, and those of somebody else into `foreign`.
sort_objects() {
  remove=() keep=() foreign=()
  local data=()
  local columns='KIND:.kind,API:.apiVersion,NAMESPACE:.metadata.namespace,NAME:.metadata.name,PART:.metadata.labels.app\.kubernetes\.io/part-of'
  local found problems kind api object_namespace name part
  problems="$(mktemp)"
  found="$("${kubectl[@]}" get -f "$dist" --ignore-not-found --no-headers -o "custom-columns=$columns" 2>"$problems")" || true
  # Of a kind that the cluster does not know there is no object.
  if grep -vE 'no matches for kind|ensure CRDs are installed' "$problems" >&2; then
    rm "$problems"
    die 'nothing was removed: kubectl could not look up every object; the reason is above'
  fi
  rm "$problems"
  while read -r kind api object_namespace name part; do
    [[ -n "$kind" ]] || continue
    local line
    line="$(resource "$kind" "$api") $object_namespace $name"
    if [[ "$part" != 'logs-and-traces' ]]; then foreign+=("$line")
    elif ! is_data "$kind"; then remove+=("$line")
    elif [[ -n "$delete_data" ]]; then data+=("$line")
    else keep+=("$line"); fi
  done <<<"$found"
  # A claim goes when no pod uses it any more.
  remove+=(${data[@]+"${data[@]}"})
}

list() {
  local title="$1" line
  shift
  if (($# == 0)); then return; fi
  say "$title"
  for line in "$@"; do printf '    %s\n' "$line"; done
}

# The volumes behind the claims that go: with a reclaim policy of Retain they outlive them.
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
  [[ -t 0 ]] || die '--delete-data asks before it deletes: run it in a terminal, or pass --yes' 2
  local wanted answer
  wanted="$(awk '$1 == "PersistentVolumeClaim" { print $3; exit }' <<<"$objects")"
  printf 'Every log and trace of the last days will be gone. Type the namespace (%s) to go on: ' "$wanted"
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
  [[ -z "$failed" ]] || die 'not everything could be removed; the reason is above; run this again'
}

tell_rest() {
  local rest volumes="$1"
  rest="$("${kubectl[@]}" get "$OWN_KINDS" -A -l "$PART_OF" --no-headers --ignore-not-found \
    -o 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name')" || true
  if [[ -n "$rest" ]]; then
    say 'What stays of ours (claims with their data; and what dist/ no longer has)'
    awk '{ print "    " $1, $2, $3 }' <<<"$rest"
  fi
  local volume
  for volume in $volumes; do
    if "${kubectl[@]}" get pv "$volume" >/dev/null 2>&1; then
      printf '    PersistentVolume %s, as its class retains it; remove it, and the disk behind it, when you are sure\n' "$volume"
    fi
  done
  local grafana
  grafana="$(awk '$1 == "Secret" { print $3; exit }' <<<"$objects")"
  cat <<TEXT
==> What stays besides
    /var/lib/promtail on each node: how far log files were read; harmless, a few kB
    the datasources in the database of Grafana, which keeps them when their file goes. To make it forget them, let its
    sidecar (grafana.datasourceLabel in the values) read this, and take it away a minute later:
      kubectl create configmap forget-logs-and-traces -n $grafana --from-literal=forget-logs-and-traces.yaml='{"apiVersion": 1, "deleteDatasources": [{"name": "Loki", "orgId": 1}, {"name": "Tempo", "orgId": 1}]}'
      kubectl label configmap forget-logs-and-traces -n $grafana grafana_datasource=1
      kubectl delete configmap forget-logs-and-traces -n $grafana
TEXT
}

need_cluster
need_manifests
sort_objects
list 'Not ours, though of the same name; stays' ${foreign[@]+"${foreign[@]}"}
list 'Stays, with its data (--delete-data removes it)' ${keep[@]+"${keep[@]}"}
list 'Goes' ${remove[@]+"${remove[@]}"}
if [[ -n "$dry_run" ]]; then
  say 'Nothing was removed.'
  exit 0
fi
volumes="$(volumes_of_claims)"
confirm
remove_objects
tell_rest "$volumes"
say 'Done.'
