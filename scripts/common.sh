# shellcheck shell=bash
# Functions shared by deploy.sh, cleanup.sh and smoke.sh; sourced, never run. Compatible with bash 3.2 and the tools of
# macOS: no GNU options.

# shellcheck disable=SC2034 # used by the scripts that source this file
readonly PART_OF='app.kubernetes.io/part-of=logs-and-traces'
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
context=''
namespace=''
values='default'
kubectl=(kubectl)

say() { printf '==> %s\n' "$*"; }

# Prints the error with its fix. Exit code 2 is a usage error, 1 a failure in the cluster.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit "${2:-1}"
}

# Parses an option that all scripts share. Returns 1 for any other option.
shared_option() {
  case "$1" in
    --context | --namespace | --values)
      [[ -n "${2:-}" ]] || die "$1 requires a value; see --help" 2
      printf -v "${1#--}" '%s' "$2"
      ;;
    *) return 1 ;;
  esac
}

temporary_file() { mktemp "${TMPDIR:-/tmp}/logs-and-traces.XXXXXX"; }

# Joins the lines of standard input with commas.
joined() { awk '{ printf "%s%s", separator, $0; separator = ", " }'; }

# The fix if a cluster has no manifests: another name if no values file has this one.
fix_manifests() {
  local names
  names="$(cd "$root/dist" 2>/dev/null && find -L . -name '*.k8s.yaml' | awk '{ sub(/^\.\//, ""); if (!sub(/\/[^\/]*$/, "")) $0 = "default"; print }' | sort -u | joined)" || true
  if [[ -n "$names" && ! -e "$root/values/$values.yaml" ]]; then
    printf 'pass --values with one of: %s' "$names"
  else
    printf 'render them: npx cdk8s synth'
  fi
}

# Sets the manifest folder and its objects: `kind apiVersion namespace name`, one per line. Contacts no cluster, so that
# a typo in --values is reported without one.
need_manifests() {
  dist="$root/dist"
  if [[ "$values" != default ]]; then dist="$dist/$values"; fi
  compgen -G "$dist/*.k8s.yaml" >/dev/null || die "${dist#"$root"/}/ contains no manifests; $(fix_manifests)" 2
  objects="$(awk '
    function flush() { if (kind != "") print kind, api, (namespace == "" ? "<none>" : namespace), name; kind = namespace = "" }
    function value() { gsub(/["\047]/, "", $2); return $2 }
    FNR == 1 || /^---/ { flush() }
    /^[^ ]/ { inside = $1 }
    /^apiVersion:/ { api = value() }
    /^kind:/ { kind = value() }
    inside == "metadata:" && /^  name:/ { name = value() }
    inside == "metadata:" && /^  namespace:/ { namespace = value() }
    END { flush() }' "$dist"/*.k8s.yaml)"
  namespaces="$(awk '$3 != "<none>" { print $3 }' <<<"$objects" | sort -u | joined)"
  # Datasources are in Grafana's namespace, so the workloads determine the namespace.
  local own
  own="$(awk '/^(Deployment|StatefulSet|DaemonSet) / { print $3; exit }' <<<"$objects")"
  if [[ -n "$namespace" && "$namespace" != "$own" ]]; then
    die "the manifests are for namespace $own, not for $namespace: set cluster.namespace in values/$values.yaml, then render them again: npx cdk8s synth" 2
  fi
}

# Configures kubectl for one cluster, checks that it is the cluster in the values, and checks that it responds.
need_cluster() {
  command -v kubectl >/dev/null || die 'kubectl is not on PATH; install it: https://kubernetes.io/docs/tasks/tools/' 2
  if [[ -z "$context" ]]; then context="$(kubectl config current-context 2>/dev/null)" || context=''; fi
  # Fixed from here on: switching the context in another terminal must not redirect the rest of the run.
  if [[ -n "$context" ]]; then kubectl+=(--context "$context"); fi
  printf -v kubectl_command '%q ' "${kubectl[@]}"
  kubectl_command="${kubectl_command% }"
  cluster="$(config_value '{.contexts[0].context.cluster}')"
  server="$(config_value '{.clusters[0].cluster.server}')"
  require_cluster
  local problem
  problem="$("${kubectl[@]}" get --raw /version --request-timeout=20s 2>&1 >/dev/null)" ||
    die "kubectl cannot reach the cluster${context:+ of context $context}: $(tail -n 1 <<<"$problem"); list the contexts: kubectl config get-contexts"
}

# A field of the kubeconfig for the selected context; empty without a kubeconfig, for example in a pod.
config_value() { "${kubectl[@]}" config view --minify -o "jsonpath=$1" 2>/dev/null || true; }

# Rejects every cluster except the one in cluster.context and cluster.apiServer. Synth writes both to dist/.
require_cluster() {
  local key expected actual
  [[ -f "$dist/cluster.txt" ]] || return 0
  while read -r key expected; do
    if [[ "$key" == context ]]; then actual="$context"; else actual="${server%/}"; fi
    [[ "$actual" == "$expected" ]] ||
      die "${dist#"$root"/}/ is for $key $expected (cluster.$key in values/$values.yaml), not for ${actual:-a cluster without a kubeconfig}: pass the right --context; list them: kubectl config get-contexts" 2
  done <"$dist/cluster.txt"
}

# Prints which cluster the script is about to read or change.
print_cluster() {
  say "$1"
  printf '    context    %s\n    cluster    %s\n    server     %s\n    namespace  %s\n    manifests  %s\n' \
    "${context:-none}" "${cluster:-none}" "${server:-none}" "$namespaces" "${dist#"$root"/}/"
}

# Namespace, name and first port of the first Service with a label; empty if there is none.
service_with_label() {
  "${kubectl[@]}" get service -A -l "$1" --no-headers \
    -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,PORT:.spec.ports[0].port' | awk 'NR == 1'
}
