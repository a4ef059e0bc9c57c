#!/bin/sh
# Makes this machine a node of a Catalyst panel. Served by the panel as /install.sh:
#   curl -fsSL https://panel.example/install.sh | sh -s -- --panel https://panel.example --token <join token>
# Running it again updates the agent; game servers keep running meanwhile.
set -eu

# Filled in when the panel is built, from the lock file.
node_version='@NODE_VERSION@'
node_integrity_x64='@NODE_INTEGRITY_X64@'
node_integrity_arm64='@NODE_INTEGRITY_ARM64@'

panel=''
token=''
data=/var/lib/catalyst
program=/opt/catalyst
assume_yes=no

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

usage() {
  say 'install.sh --panel <url> --token <join token> [--data <dir>] [--yes]'
  say '  --data   where servers are kept [/var/lib/catalyst]'
  say '  --yes    install Docker with apt without asking when no engine answers'
}

while [ $# -gt 0 ]; do
  case "$1" in
    --panel) panel=${2:?--panel needs an address}; shift 2 ;;
    --token) token=${2:?--token needs a join token}; shift 2 ;;
    --data) data=${2:?--data needs a folder}; shift 2 ;;
    --yes) assume_yes=yes; shift ;;
    --help) usage; exit 0 ;;
    *) usage; fail "unknown option $1" ;;
  esac
done

[ "$(uname -s)" = Linux ] || fail 'a node is a Linux machine'
[ "$(id -u)" = 0 ] || fail 'run this as root: it installs a service and drives Docker'
[ -n "$panel" ] || fail '--panel is missing; copy the whole line from Admin > Nodes'
[ -n "$token" ] || [ -f "$data/identity.json" ] || fail '--token is missing; make one in Admin > Nodes'
command -v curl >/dev/null || fail 'curl is missing: apt-get install curl'
case "$(uname -m)" in
  x86_64) arch=x64 node_integrity=$node_integrity_x64 ;;
  aarch64) arch=arm64 node_integrity=$node_integrity_arm64 ;;
  *) arch=other ;;
esac

engine_answers() {
  curl -fsS -m 5 --unix-socket /var/run/docker.sock http://engine/_ping >/dev/null 2>&1
}

may_install_docker() {
  [ "$assume_yes" = yes ] && return 0
  # Standard input is this script when it is piped to sh, so the question goes to the terminal itself.
  { printf 'No Docker engine answers. Install docker.io and iptables with apt now? [y/N] ' >/dev/tty; } 2>/dev/null || return 1
  read -r answer </dev/tty || return 1
  case "$answer" in y | Y | yes) return 0 ;; *) return 1 ;; esac
}

ensure_engine() {
  engine_answers && return 0
  command -v apt-get >/dev/null || fail 'no Docker engine answers; install Docker and run this again'
  may_install_docker || fail 'no Docker engine answers; run: apt-get install docker.io iptables'
  say 'Installing docker.io and iptables'
  DEBIAN_FRONTEND=noninteractive apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends docker.io iptables
  if [ -d /run/systemd/system ]; then systemctl enable --now docker; fi
  tries=0
  until engine_answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || fail 'Docker is installed but does not answer; see: journalctl -u docker'
    sleep 1
  done
}

node_is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 15) ? 0 : 1)' 2>/dev/null
}

# Prints the path of a Node that runs the agent, bringing the locked one where the machine's is too old.
ensure_node() {
  own=$(command -v node || true)
  if [ -n "$own" ] && node_is_new_enough "$own"; then say "$own"; return 0; fi
  if [ -x "$program/node" ] && node_is_new_enough "$program/node"; then say "$program/node"; return 0; fi
  [ "$arch" != other ] || fail "Node 22.15 or newer is needed, and none is known for $(uname -m)"
  if ! command -v npm >/dev/null; then
    command -v apt-get >/dev/null || fail 'Node 22.15 or newer is needed; install it and run this again'
    DEBIAN_FRONTEND=noninteractive apt-get -q update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends npm >&2
  fi
  folder=$(mktemp -d)
  say "Fetching Node $node_version" >&2
  (cd "$folder" && npm pack --silent "node-linux-$arch@$node_version" >&2) || fail 'npm could not fetch Node'
  archive=$(find "$folder" -name '*.tgz')
  actual="sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)"
  [ "$actual" = "$node_integrity" ] || fail 'the fetched Node is not the locked one; nothing was installed'
  tar -xzf "$archive" -C "$folder" package/bin/node
  install -D -m 0755 "$folder/package/bin/node" "$program/node"
  rm -rf "$folder"
  say "$program/node"
}

write_unit() {
  cat >/etc/systemd/system/catalyst-agent.service <<UNIT
[Unit]
Description=Catalyst agent
After=network-online.target docker.service
Wants=network-online.target

[Service]
ExecStart=$node $program/agent.mjs run --data $data
Restart=always
RestartSec=2
KillMode=process
UMask=0077

[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl enable catalyst-agent
  systemctl restart catalyst-agent
}

# Without systemd it runs now, and this machine's own way of starting services has to keep it.
start_without_systemd() {
  if [ -f "$data/agent.pid" ]; then
    old=$(cat "$data/agent.pid")
    if tr '\0' ' ' <"/proc/$old/cmdline" 2>/dev/null | grep -q "$program/agent.mjs"; then
      kill "$old"
      while [ -d "/proc/$old" ]; do sleep 0.1; done
    fi
  fi
  setsid "$node" "$program/agent.mjs" run --data "$data" >>"$data/agent.log" 2>&1 </dev/null &
  echo $! >"$data/agent.pid"
  say "There is no systemd here. The agent runs now; start it at boot with: $node $program/agent.mjs run --data $data"
}

ensure_engine
node=$(ensure_node)
mkdir -p "$program" "$data"
chmod 0700 "$data"
curl -fsSL "$panel/agent/agent.mjs" -o "$program/agent.mjs.new" || fail "could not fetch the agent from $panel"
mv "$program/agent.mjs.new" "$program/agent.mjs"
if [ -n "$token" ]; then
  # Joining writes to the directory that a running agent holds.
  if [ -d /run/systemd/system ]; then systemctl stop catalyst-agent 2>/dev/null || true; fi
  "$node" "$program/agent.mjs" join --panel "$panel" --token "$token" --data "$data"
fi
if [ -d /run/systemd/system ]; then write_unit; else start_without_systemd; fi
"$node" "$program/agent.mjs" doctor --data "$data" || true
say 'The agent is installed. The node shows as online in the panel within a few seconds.'
