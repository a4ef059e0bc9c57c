#!/bin/sh
# Makes this machine a node of a Catalyst panel. Served by the panel as /install.sh:
#   curl -fsSL https://panel.example/install.sh | sh -s -- --panel https://panel.example --token <join token>
# Running it again updates the agent; game servers keep running meanwhile.
set -eu

# Filled in when the panel is built, from the lock file.
node_version='@NODE_VERSION@'
node_sha512_x64='@NODE_SHA512_X64@'
node_sha512_arm64='@NODE_SHA512_ARM64@'

panel=''
token=''
data=/var/lib/catalyst
program=/opt/catalyst
unit=/etc/systemd/system/catalyst-agent.service
assume_yes=no

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

usage() {
  say 'install.sh --panel <url> --token <join token> [--data <dir>] [--program <dir>] [--yes]'
  say '  --data     where servers are kept [/var/lib/catalyst]'
  say '  --program  where the agent is put [/opt/catalyst]'
  say '  --yes      install Docker with apt without asking when no engine answers'
}

while [ $# -gt 0 ]; do
  case "$1" in
    --panel) panel=${2:?--panel needs an address}; shift 2 ;;
    --token) token=${2:?--token needs a join token}; shift 2 ;;
    --data) data=${2:?--data needs a folder}; shift 2 ;;
    --program) program=${2:?--program needs a folder}; shift 2 ;;
    --yes) assume_yes=yes; shift ;;
    --help) usage; exit 0 ;;
    *) usage; fail "unknown option $1" ;;
  esac
done

[ "$(uname -s)" = Linux ] || fail 'a node is a Linux machine'
[ "$(id -u)" = 0 ] || fail 'run this as root: it installs a service and drives Docker'
[ -n "$panel" ] || fail '--panel is missing; copy the whole line from Admin > Nodes'
panel=${panel%/}
for folder in "$data" "$program"; do
  case "$folder" in
    *[!A-Za-z0-9/._-]*) fail "$folder: use letters, digits and . _ - alone, as service files need it" ;;
    /*) ;;
    *) fail "$folder: give the whole path, from /" ;;
  esac
done
[ -n "$token" ] || [ -f "$data/identity.json" ] || fail '--token is missing; make one in Admin > Nodes'
command -v curl >/dev/null || fail 'curl is missing: apt-get install curl'
case "$(uname -m)" in
  x86_64) arch=x64 node_sha512=$node_sha512_x64 ;;
  aarch64) arch=arm64 node_sha512=$node_sha512_arm64 ;;
  *) arch=other ;;
esac

has_systemd() { [ -d /run/systemd/system ]; }

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
  command -v dockerd >/dev/null || install_engine
  say 'Starting Docker'
  if has_systemd; then systemctl enable --now docker; else service docker start || true; fi
  tries=0
  until engine_answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || fail 'Docker does not answer; start dockerd and run this again'
    sleep 1
  done
}

install_engine() {
  command -v apt-get >/dev/null || fail 'no Docker engine answers; install Docker and run this again'
  may_install_docker || fail 'no Docker engine answers; run: apt-get install docker.io iptables'
  say 'Installing docker.io and iptables'
  DEBIAN_FRONTEND=noninteractive apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends docker.io iptables
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
  printf '%s  %s\n' "$node_sha512" "$archive" | sha512sum --check --status ||
    fail 'the fetched Node is not the locked one; nothing was installed'
  tar -xzf "$archive" -C "$folder" package/bin/node
  install -D -m 0755 "$folder/package/bin/node" "$program/node"
  rm -rf "$folder"
  say "$program/node"
}

# Puts the new agent beside the old one, which goes on until the new one is known to run here.
fetch_agent() {
  mkdir -p "$program"
  new=$program/agent.new.mjs
  trap 'rm -f "$new"' EXIT
  curl -fsSL "$panel/agent/agent.mjs" -o "$new" ||
    fail "$panel has no agent to fetch; is it the address of a Catalyst panel?"
}

check_agent() {
  version=$("$node" "$new" version 2>/dev/null) ||
    fail "what $panel serves as its agent does not run; is it the address of a Catalyst panel?"
}

# Processes that run the agent on this data folder, however they were started.
running_agents() {
  for file in $(grep -lzxF -- "$program/agent.mjs" /proc/[0-9]*/cmdline 2>/dev/null); do
    if grep -qzxF -- "$data" "$file" 2>/dev/null && grep -qzxF run "$file" 2>/dev/null; then
      process=${file#/proc/}
      printf '%s ' "${process%/cmdline}"
    fi
  done
}

# Game servers are not its children and go on.
stop_agent() {
  if has_systemd && [ -f "$unit" ]; then systemctl stop catalyst-agent; fi
  tries=0
  while [ -n "$(running_agents)" ]; do
    [ "$tries" -gt 0 ] || kill $(running_agents) 2>/dev/null || true
    [ "$tries" -lt 100 ] || kill -9 $(running_agents) 2>/dev/null || true
    tries=$((tries + 1))
    sleep 0.1
  done
}

write_unit() {
  cat >"$unit" <<UNIT
[Unit]
Description=Catalyst agent
After=network-online.target docker.service
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=$node $program/agent.mjs run --data $data
Restart=always
RestartSec=2
KillMode=process
UMask=0077

[Install]
WantedBy=multi-user.target
UNIT
  chmod 0644 "$unit"
}

start_agent() {
  if has_systemd; then
    systemctl restart catalyst-agent
  else
    setsid "$node" "$program/agent.mjs" run --data "$data" >>"$data/agent.log" 2>&1 </dev/null &
  fi
}

# The line that this machine joined with, as a hash: pasted again, it updates.
line_hash() { printf '%s %s' "$panel" "$token" | sha256sum | cut -d' ' -f1; }

join_panel() {
  [ -n "$token" ] || return 0
  if [ -f "$data/identity.json" ] && [ "$(cat "$data/joined-by" 2>/dev/null)" = "$(line_hash)" ]; then
    say 'This machine has joined with this line before; the agent is updated.'
    return 0
  fi
  # Joining writes to the folder that a running agent holds.
  was_running=no
  [ -z "$(running_agents)" ] || was_running=yes
  stop_agent
  if ! CATALYST_JOIN_TOKEN=$token "$node" "$new" join --panel "$panel" --data "$data" --log human; then
    if [ "$was_running" = yes ]; then start_agent; fi
    fail 'this machine did not join; nothing was changed on it'
  fi
  line_hash >"$data/joined-by"
}

# Prints what the agent's own check says, once the agent is up; fails when it does not come up.
wait_for_agent() {
  tries=0
  until findings=$("$node" "$program/agent.mjs" doctor --data "$data") || true
        printf '%s\n' "$findings" | grep -q '^ok *agent '; do
    tries=$((tries + 1))
    if [ "$tries" -ge 20 ]; then
      say "$findings"
      if has_systemd; then fail 'the agent does not run; see: journalctl -u catalyst-agent'; fi
      fail "the agent does not run; see: tail $data/agent.log"
    fi
    sleep 0.5
  done
  say "$findings"
}

# A function, so that a script that arrived by half does nothing.
install_all() {
  umask 077
  if has_systemd && [ -f "$unit" ] && ! grep -q -- "--data $data\$" "$unit"; then
    fail "$unit runs another agent; a machine has one service. Give that one's --data."
  fi
  fetch_agent
  node=$(ensure_node)
  check_agent
  ensure_engine
  mkdir -p "$data"
  chmod 0700 "$data"
  join_panel
  stop_agent
  mv "$new" "$program/agent.mjs"
  if has_systemd; then
    write_unit
    systemctl daemon-reload
    systemctl enable catalyst-agent
  fi
  start_agent
  wait_for_agent
  has_systemd ||
    say "There is no systemd here. Start the agent at boot with: $node $program/agent.mjs run --data $data"
  say "Agent $version is installed. The node shows as online in the panel within a few seconds."
}

install_all </dev/null
