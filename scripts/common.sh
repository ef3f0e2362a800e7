# shellcheck shell=bash
# What deploy.sh, cleanup.sh and smoke.sh share; sourced, never run.

# shellcheck disable=SC2034 # used where this is sourced
readonly PART_OF='app.kubernetes.io/part-of=logs-and-traces'
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
context=''
namespace=''
values='default'
kubectl=(kubectl)

say() { printf '==> %s\n' "$*"; }

# What is wrong, and the cure; exit code 2 is a wrong call, 1 a cluster that did not do what was asked.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit "${2:-1}"
}

# Takes an option that the scripts share, with what follows it; returns 1 for another one.
shared_option() {
  case "$1" in
    --context | --namespace | --values)
      [[ -n "${2:-}" ]] || die "$1 needs a value; see --help" 2
      printf -v "${1#--}" '%s' "$2"
      ;;
    *) return 1 ;;
  esac
}

# Sets up kubectl, and sees that it reaches the cluster.
need_cluster() {
  command -v kubectl >/dev/null || die 'there is no kubectl on PATH; install it: https://kubernetes.io/docs/tasks/tools/' 2
  if [[ -n "$context" ]]; then kubectl+=(--context "$context"); fi
  local problem
  problem="$("${kubectl[@]}" get --raw /version --request-timeout=20s 2>&1 >/dev/null)" ||
    die "kubectl reaches no cluster: $(tail -n 1 <<<"$problem"); look: kubectl config get-contexts"
}

# Sets the folder of manifests, and the objects in it: `kind apiVersion namespace name`, one a line.
need_manifests() {
  dist="$root/dist"
  if [[ "$values" != default ]]; then dist="$dist/$values"; fi
  compgen -G "$dist/*.k8s.yaml" >/dev/null || die "${dist#"$root"/}/ holds no manifests; render them: npx cdk8s synth" 2
  local path='{.kind} {.apiVersion} {.metadata.namespace} {.metadata.name}{"\n"}'
  objects="$("${kubectl[@]}" create --dry-run=client -f "$dist" -o "jsonpath=$path" 2>/dev/null)" || true
  local others
  others="$(awk 'NF == 4 { print $3 }' <<<"$objects" | sort -u | paste -sd ' ')"
  if [[ -n "$namespace" && "$others" != "$namespace" ]]; then
    die "the manifests go to namespace $others, not to $namespace: set cluster.namespace in values/$values.yaml, and render again" 2
  fi
}
