#!/usr/bin/env bash
# Stands in for kubectl in the unit tests of the scripts: writes each call to $KUBECTL_LOG, and answers what a cluster
# with one workload, one claim and one Service of somebody else answered. A real API server is in `test:real`.
printf '%s\n' "$*" >>"$KUBECTL_LOG"
case "$*" in
  'config current-context') echo "${KUBECTL_CONTEXT-staging}" && [[ -n "${KUBECTL_CONTEXT-staging}" ]] ;;
  *'config view '*.context.cluster*) echo 'arn:example:cluster/staging' ;;
  *'config view '*.cluster.server*) echo 'https://203.0.113.10:6443' ;;
  *'get --raw /version'*) [[ -z "${KUBECTL_AWAY:-}" ]] || { echo 'The connection to the server was refused' >&2; exit 1; } ;;
  *'apply '*'--dry-run=server'*)
    [[ -z "${KUBECTL_REFUSAL:-}" ]] || { echo "$KUBECTL_REFUSAL" >&2; exit 1; }
    ;;
  *'diff '*) exit 1 ;;
  *'get -f'*)
    echo 'PersistentVolumeClaim v1 monitoring loki logs-and-traces'
    echo 'StatefulSet apps/v1 monitoring loki logs-and-traces'
    echo 'Service v1 monitoring loki <none>'
    ;;
  *'get service '*name=grafana*) echo 'grafana my-grafana 3001' ;;
  *'get deployments,statefulsets -n grafana '*ADMIN_PASSWORD*) echo "${KUBECTL_SECRET-grafana-login password}" ;;
  *'get servicemonitors'*) echo 'ServiceMonitor monitoring left-over' ;;
esac
