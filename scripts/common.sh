# shellcheck shell=bash
# What deploy.sh, cleanup.sh and smoke.sh share; sourced, never run. Written for bash 3.2 and the tools of macOS: no GNU
# options.

# shellcheck disable=SC2034 # used where this is sourced
readonly PART_OF='app.kubernetes.io/part-of=logs-and-traces'
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
context=''
namespace=''
values='default'
kubectl=(kubectl)

say() { printf '==> %s\n' "$*"; }

# What is wrong, and the fix. Exit code 2 is a wrong call, 1 a cluster that did not do what it should.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit "${2:-1}"
}

# Reads an option that the scripts share, with its value; returns 1 for any other.
shared_option() {
  case "$1" in
    --context | --namespace | --values)
      [[ -n "${2:-}" ]] || die "$1 needs a value; see --help" 2
      printf -v "${1#--}" '%s' "$2"
      ;;
    *) return 1 ;;
  esac
}

temporary_file() { mktemp "${TMPDIR:-/tmp}/logs-and-traces.XXXXXX"; }

# The words of standard input, on one line.
joined() { awk '{ printf "%s%s", separator, $0; separator = ", " }'; }

# What to do where a cluster has no manifests: without a default cluster, every other one has to be named.
fix_manifests() {
  local others
  others="$(cd "$root/dist" 2>/dev/null && find -L . -mindepth 2 -name '*.k8s.yaml' | awk '{ sub(/^\.\//, ""); sub(/\/[^\/]*$/, ""); print }' | sort -u | joined)" || true
  if [[ "$values" == default && -n "$others" ]]; then
    printf 'pass --values with one of: %s' "$others"
  else
    printf 'render them: npx cdk8s synth'
  fi
}

# Sets the folder of manifests, and its objects: `kind apiVersion namespace name`, one a line. Contacts no cluster: a
# typo in --values must not depend on one, nor on its CRDs.
need_manifests() {
  dist="$root/dist"
  if [[ "$values" != default ]]; then dist="$dist/$values"; fi
  compgen -G "$dist/*.k8s.yaml" >/dev/null || die "${dist#"$root"/}/ holds no manifests; $(fix_manifests)" 2
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
  # Datasources are in the namespace of Grafana, so the workloads decide.
  local own
  own="$(awk '/^(Deployment|StatefulSet|DaemonSet) / { print $3; exit }' <<<"$objects")"
  if [[ -n "$namespace" && "$namespace" != "$own" ]]; then
    die "the manifests are for namespace $own, not for $namespace: set cluster.namespace in values/$values.yaml, then render them again: npx cdk8s synth" 2
  fi
}

# Sets up kubectl for one cluster, the one that the values name where they do, and checks that it answers.
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

# A field of the kubeconfig, reduced to the chosen context; empty without a kubeconfig, as in a pod.
config_value() { "${kubectl[@]}" config view --minify -o "jsonpath=$1" 2>/dev/null || true; }

# Refuses every cluster but the one that cluster.context and cluster.apiServer name; synth writes both into dist/.
require_cluster() {
  local key expected actual
  [[ -f "$dist/cluster.txt" ]] || return 0
  while read -r key expected; do
    if [[ "$key" == context ]]; then actual="$context"; else actual="${server%/}"; fi
    [[ "$actual" == "$expected" ]] ||
      die "${dist#"$root"/}/ is for $key $expected (cluster.$key in values/$values.yaml), not for ${actual:-a cluster without a kubeconfig}: pass the right --context; list them: kubectl config get-contexts" 2
  done <"$dist/cluster.txt"
}

# Which cluster is about to be read or changed.
tell_cluster() {
  say "$1"
  printf '    context    %s\n    cluster    %s\n    server     %s\n    namespace  %s\n    manifests  %s\n' \
    "${context:-none}" "${cluster:-none}" "${server:-none}" "$namespaces" "${dist#"$root"/}/"
}

# Namespace, name and first port of the first Service with a label, or nothing.
service_with_label() {
  "${kubectl[@]}" get service -A -l "$1" --no-headers \
    -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,PORT:.spec.ports[0].port' | awk 'NR == 1'
}
