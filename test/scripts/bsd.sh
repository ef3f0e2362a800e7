#!/usr/bin/env bash
# Stands in for tools of macOS, under the name of each: refuses what the BSD version refuses, then runs the real one.
name="$(basename "$0")"
refuse() {
  printf '%s: BSD has no %s\n' "$name" "$1" >&2
  exit 64
}

for argument; do
  if [[ "$argument" == --?* ]]; then refuse "$argument"; fi
done
case "$name" in
  paste)
    files=0 delimiters=''
    for argument; do
      if [[ -n "$delimiters" ]]; then delimiters=''
      elif [[ "$argument" =~ ^-s?d$ ]]; then delimiters=next
      elif [[ "$argument" != -?* ]]; then files=$((files + 1)); fi
    done
    if ((files == 0)); then refuse 'paste without a file'; fi
    ;;
  sed)
    for argument; do
      if [[ "$argument" == -i || "$argument" =~ ^-[nEs]*[rsz] ]]; then refuse "$argument"; fi
    done
    ;;
  mktemp)
    if (($# == 0)); then refuse 'mktemp without a template'; fi
    if [[ "$1" == -p ]]; then refuse "$1"; fi
    ;;
  date)
    for argument; do
      if [[ "$argument" =~ ^-[dI] || "$argument" == *%N* ]]; then refuse "$argument"; fi
    done
    ;;
  readlink)
    if [[ "${1:-}" =~ ^-[efm] ]]; then refuse "$1"; fi
    ;;
esac
exec "/usr/bin/$name" "$@"
