#!/usr/bin/env bash
# Stands in for kubectl in the unit tests of the scripts: writes each call to $KUBECTL_LOG, and answers what a cluster
# with one workload, one claim and one Service of somebody else answered. A real API server is in `test:real`.
printf '%s\n' "$*" >>"$KUBECTL_LOG"
case "$*" in
  *'get --raw /version'*) [[ -z "${KUBECTL_AWAY:-}" ]] || { echo 'The connection to the server was refused' >&2; exit 1; } ;;
  *'create --dry-run=client'*)
    echo 'PersistentVolumeClaim v1 monitoring loki'
    echo 'StatefulSet apps/v1 monitoring loki'
    echo 'Service v1 monitoring loki'
    ;;
  *'apply '*'--dry-run=server'*)
    [[ -z "${KUBECTL_REFUSAL:-}" ]] || { echo "$KUBECTL_REFUSAL" >&2; exit 1; }
    ;;
  *'diff '*) exit 1 ;;
  *'get -f'*)
    echo 'PersistentVolumeClaim v1 monitoring loki logs-and-traces'
    echo 'StatefulSet apps/v1 monitoring loki logs-and-traces'
    echo 'Service v1 monitoring loki <none>'
    ;;
esac
