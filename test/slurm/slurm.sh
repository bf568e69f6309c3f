#!/usr/bin/env bash
# A Slurm of one node with two CPUs, for tests: munged, slurmctld and slurmd of its own, with ports and files of its own, so that
# one that the machine may have is not disturbed. As root, because slurmd is.
#
#   slurm.sh check        says in one line why there can be none here, and fails; says nothing where there can be
#   slurm.sh start DIR    starts it, with all its files under DIR, a new folder; use it with SLURM_CONF=DIR/slurm.conf
#   slurm.sh stop DIR     ends all jobs and the three programs, and removes DIR
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "$*" >&2
  exit 1
}

check() {
  [ "$(uname)" = Linux ] || fail 'Slurm runs on Linux alone'
  [ "$(id -u)" = 0 ] || fail 'slurmd has to be started as root'
  for program in munged slurmctld slurmd sbatch scontrol scancel squeue; do
    command -v "$program" >/dev/null || fail "$program is not installed (Debian: slurm-wlm and munge)"
  done
}

# Waits up to a minute for a command to succeed.
await() {
  for _ in $(seq 300); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  fail "no success within a minute: $*"
}

# A port from $1 to $1 + 4999 that nobody listens on.
free_port() {
  local port
  while port=$(($1 + RANDOM % 5000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

configure() {
  local dir=$1 host
  host=$(hostname -s)
  cat >"$dir/slurm.conf" <<CONF
ClusterName=delta-sweep-test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$(free_port 20000)
SlurmdPort=$(free_port 25000)
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
MpiDefault=none
# No cgroups: a container may have none to give.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1,requeue_delay=1
KillWait=5
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=4096 State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
  local dir=$1
  check
  mkdir -p "$dir"/{munge,state,spool}
  dir=$(cd "$dir" && pwd)
  configure "$dir"
  # Whatever fails from here on leaves no program behind, and tells why.
  trap "$(printf 'tail -n 5 %q/*.log >&2; stop %q' "$dir" "$dir")" EXIT
  # munged wants its folders closed to others' writing and its key to others' reading.
  chmod 0755 "$dir" "$dir/munge"
  (umask 077 && head -c 128 /dev/urandom >"$dir/munge/key")
  munged --force --socket="$dir/munge/socket" --key-file="$dir/munge/key" --pid-file="$dir/munge/pid" \
    --log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
  export SLURM_CONF=$dir/slurm.conf
  slurmctld -c
  await scontrol ping
  slurmd
  await sh -c 'sinfo --noheader --format=%T | grep -qx idle'
  trap - EXIT
}

# Whether a process is at work. One that has ended may never leave: a container may have nobody who asks how it ended.
is_running() {
  grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status" 2>/dev/null
}

# Ends the program whose id a file holds, and waits until it is gone.
end() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    is_running "$pid" || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

stop() {
  local dir=$1
  [ -d "$dir" ] || return 0
  dir=$(cd "$dir" && pwd)
  [ -f "$dir/slurm.conf" ] || fail "$dir holds no Slurm"
  export SLURM_CONF=$dir/slurm.conf
  if scontrol ping >/dev/null 2>&1; then
    scancel --user="$(id -un)" --quiet || true
    await sh -c '[ -z "$(squeue --noheader)" ]'
  fi
  end "$dir/slurmd.pid"
  end "$dir/slurmctld.pid"
  end "$dir/munge/pid"
  rm -rf "$dir"
}

case "${1-} $#" in
  'check 1') check ;;
  'start 2') start "$2" ;;
  'stop 2') stop "$2" ;;
  *) fail 'usage: slurm.sh check | start DIR | stop DIR' ;;
esac
