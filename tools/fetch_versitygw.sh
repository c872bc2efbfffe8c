#!/usr/bin/env bash
# Prints the path of versitygw, the S3 server of the tests, and installs it first where it is missing.
#
#   tools/fetch_versitygw.sh [--find]
#
# --find installs nothing. Where it is: $VERSITYGW, the PATH, $GOBIN, $(go env GOPATH)/bin, ~/.cache/trailsql/bin.
# Exit status 77: there is none, and no Go of 1.24 or newer to build it with.
set -euo pipefail

module=github.com/versity/versitygw/cmd/versitygw
version=v1.8.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/trailsql/bin

find_go() {
  local candidate
  for candidate in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go/bin/go "$HOME/go/bin/go"; do
    if [[ -x $candidate ]]; then printf '%s' "$candidate"; return; fi
  done
}
go=$(find_go)

find_gateway() {
  local folder
  if [[ -n ${VERSITYGW:-} ]]; then printf '%s' "$VERSITYGW"; return; fi
  if command -v versitygw; then return; fi
  for folder in "${GOBIN:-}" "$([[ -z $go ]] || "$go" env GOPATH)/bin" "$cache"; do
    if [[ -n $folder && -x $folder/versitygw ]]; then printf '%s' "$folder/versitygw"; return; fi
  done
}

# Says whether Go is 1.24 or newer: `go version` prints "go version go1.26.8 linux/amd64".
go_is_recent() {
  [[ -n $go ]] || return 1
  local major minor
  IFS=. read -r major minor _ < <(GOTOOLCHAIN=local "$go" version | sed -E 's/^go version go([0-9.]+).*/\1/')
  [[ $major -gt 1 || $minor -ge 24 ]]
}

found=$(find_gateway)
if [[ -z $found && ${1:-} != --find ]] && go_is_recent; then
  mkdir -p "$cache"
  # Several tests may ask at once: the first builds, the others wait.
  exec 9>"$cache/.versitygw.lock"
  flock --wait 900 9
  if [[ ! -x $cache/versitygw ]]; then
    echo "building versitygw $version (some minutes, once)" >&2
    staging=$(mktemp -d "$cache/.fetch-XXXXXX")
    trap 'rm -rf "$staging"' EXIT
    if ! GOBIN=$staging "$go" install "$module@$version" >&2 9>&-; then
      echo "versitygw could not be built (above is why): go install $module@$version" >&2
      exit 77
    fi
    mv "$staging/versitygw" "$cache/versitygw"
  fi
  found=$cache/versitygw
fi
if [[ -z $found ]]; then
  echo "versitygw is missing; with Go 1.24 or newer (https://go.dev/dl/): go install $module@$version" >&2
  exit 77
fi
printf '%s\n' "$found"
