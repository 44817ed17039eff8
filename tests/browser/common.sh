# shellcheck shell=bash
# What the tests in a browser share: `source` it, with the caller's `name` and the tree's `root`.
: "${name:?}" "${root:?}"

need() {
  command -v "$1" >/dev/null || fail "NOT RUN, $1 is missing: $2"
}

# Node, npm and Chromium, or the reason why nothing is run.
browser_tools() {
  need node "install Node 20 or newer (Debian: apt install nodejs npm)"
  need npm "install npm (Debian: apt install npm)"
  CHROMIUM=${CHROMIUM:-$(find_chromium)} ||
    fail "NOT RUN, Chromium is missing: install it (Debian: apt install chromium), or name its program in CHROMIUM"
  export CHROMIUM
}

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

# The local host and the component, as the recipes build them.
local_host() {
  local target=${CARGO_TARGET_DIR:-$root/target}
  export LOCAL_HOST=${LOCAL_HOST:-$target/debug/local-host}
  export LOCAL_COMPONENT=${LOCAL_COMPONENT:-$target/component/zoom.cwasm}
  [ -x "$LOCAL_HOST" ] || fail "the local host is not built: run ./just $name, or cargo build --package local-host"
  [ -f "$LOCAL_COMPONENT" ] || fail "the component is not built: run ./just component"
}

# Installs what a folder's package-lock.json names, unless it is there already.
prepare() {
  local stamp="$1/node_modules/.stamp"
  cmp -s "$1/package-lock.json" "$stamp" && return
  say "installing from npm what ${1#"$root"/} needs"
  (cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  cp "$1/package-lock.json" "$stamp"
}

say() {
  printf '%s: %s\n' "$name" "$*" >&2
}

fail() {
  say "$*"
  exit 1
}
