#!/usr/bin/env bash
# Runs a command of mona on YARN.
#
#   deploy/yarn/submit.sh [OPTION...] -- train --task dna_splice --output hdfs:///runs
#
#   --mode cluster|client  where the driver runs (default cluster; convert, inspect and compare, which
#                          start no Spark, always run here)
#   --engine NAME          what computes: nd4j (default), nd4j-cuda, torch or torch-cuda, see
#                          docs/engines.md. Picks the jar and run.engine; with -cuda each executor gets a
#                          GPU (conf/clusters/yarn-gpu.conf)
#   --attempts N           drivers that YARN starts at most, in cluster mode (default 1): each goes on
#                          with the run of the one before. The command needs --set run.id=NAME
#   any other option is one of spark-submit: --queue, --keytab and --principal, --num-executors, --conf
#
# Settings, all optional:
#   MONA_ENGINE    the engine where --engine names none
#   MONA_JAR       the jar with its dependencies, here or at an address like hdfs://...
#                  (default: the one that mvn package made with the profile of the engine)
#   MONA_CONF_DIR  directory with tasks/, clusters/ and log4j2.properties (default conf/ here)
#   SPARK_HOME     Spark 3.5 with bin/spark-submit (default: the spark-submit on the PATH)
#   HADOOP_CONF_DIR or YARN_CONF_DIR says where the cluster is
#
# In cluster mode the job takes along the task files, the log4j2.properties and metrics.properties of
# MONA_CONF_DIR, and files that --task and --config name by a path on this machine.
#
# The exit code is that of mona (mona --help lists them), or spark-submit's 1 when the job did not get
# as far.
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
conf="${MONA_CONF_DIR:-$home/conf}"

fail() {
  printf 'submit: %s\n' "$2" >&2
  exit "$1"
}

mode=cluster
chosen="${MONA_ENGINE:-nd4j}"
attempts=1
files=()
archives=()
options=()
while [[ $# -gt 0 && $1 != -- ]]; do
  case $1 in
    --mode | --engine | --files | --archives | --attempts)
      [[ $# -gt 1 ]] || fail 2 "$1 takes a value"
      case $1 in
        --mode) mode=$2 ;;
        --engine) chosen=$2 ;;
        --files) files+=("$2") ;;
        --attempts) attempts=$2 ;;
        --archives) archives+=("$2") ;;
      esac
      shift
      ;;
    --help | -h)
      print_head "$home/deploy/yarn/submit.sh"
      exit 0
      ;;
    --master | --deploy-mode | --class | --properties-file)
      fail 2 "$1 is set by this script: use --mode, --conf or spark-submit itself"
      ;;
    *) options+=("$1") ;;
  esac
  shift
done
[[ ${1:-} == -- && $# -gt 1 ]] ||
  fail 2 "name a command of mona after --, for example: submit.sh -- train --task dna_splice"
shift
[[ $mode == cluster || $mode == client ]] || fail 2 "--mode is $mode, must be cluster or client"
choose_engine "$chosen" || fail 2 "check --engine and MONA_ENGINE"
with_engine "$@"
[[ $attempts =~ ^[1-9][0-9]?$ ]] || fail 2 "--attempts is $attempts, must be a number from 1 to 99"
if [[ $attempts -gt 1 ]]; then
  [[ $mode == cluster && ${command[0]} == train ]] ||
    fail 2 "--attempts is $attempts, which only train in cluster mode takes"
  [[ " ${command[*]} " == *[\ =]run.id=[!\ ]* ]] ||
    fail 3 "--attempts is $attempts but the run has no name to continue: add --set run.id=NAME"
  command+=(--set run.resume=auto)
fi

[[ -n ${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-} ]] ||
  fail 7 "HADOOP_CONF_DIR is not set: name the directory with core-site.xml and yarn-site.xml"
spark_submit="${SPARK_HOME:+$SPARK_HOME/bin/spark-submit}"
[[ -x $spark_submit ]] || spark_submit=$(command -v spark-submit) ||
  fail 7 "there is no spark-submit: set SPARK_HOME or put it on the PATH"

jar="${MONA_JAR:-}"
if [[ -z $jar ]]; then
  for jar in "$home"/mona-spark-job/target/mona-spark-job-*-all"$suffix".jar; do :; done
fi
[[ $jar == *://* || -r $jar ]] ||
  fail 7 "$jar cannot be read: set MONA_JAR or build it with mvn -P$profile -DskipTests package"

# Adds --conf for each property of a file.
properties() {
  local key value
  [[ -r $1 ]] || fail 7 "$1 cannot be read: set MONA_CONF_DIR"
  while read -r key value; do
    [[ -z $key || $key == \#* ]] || settings+=(--conf "$key=$value")
  done <"$1"
}

settings=()
properties "$conf/clusters/yarn.conf"
settings+=(--conf "spark.yarn.maxAppAttempts=$attempts")
if $gpus; then
  properties "$conf/clusters/yarn-gpu.conf"
  discovery="$home/deploy/gpu/discover-gpus.sh"
  [[ -r $discovery ]] || fail 7 "$discovery cannot be read"
  files+=("$discovery")
fi
for name in log4j2.properties metrics.properties; do
  [[ ! -r $conf/$name ]] || files+=("$conf/$name")
done

case ${command[0]} in
  convert | inspect | compare | help | -*) mode=client ;;
esac

release=$(java_release "${JAVA_HOME:+$JAVA_HOME/bin/}java")
if [[ $mode == client && ${release:-17} != 17 ]] || ((${release:-17} > 17)); then
  fail 7 "mona needs JDK 17 and this is Java $release: set JAVA_HOME to a JDK 17"
fi
use_utf8

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

# Sends a file along and leaves the name that it has there in `shipped`.
ship() {
  shipped=$1
  if [[ $1 == */* || $1 == *.conf ]] && [[ $1 != *://* ]]; then
    [[ -r $1 ]] || fail 3 "$1 cannot be read: check the path"
    files+=("$1")
    shipped=${1##*/}
  fi
}

if [[ $mode == cluster ]]; then
  # unpacked as conf/, where mona looks without MONA_CONF_DIR
  tar -C "$conf" -czf "$scratch/conf.tgz" tasks
  archives+=("$scratch/conf.tgz#conf")
  for ((i = 0; i < ${#command[@]}; i++)); do
    case ${command[i]} in
      --task=* | --config=*)
        ship "${command[i]#*=}"
        command[i]="${command[i]%%=*}=$shipped"
        ;;
      --task | --config)
        if ((i + 1 < ${#command[@]})); then
          ship "${command[i + 1]}"
          command[i + 1]=$shipped
        fi
        ;;
    esac
  done
else
  export MONA_CONF_DIR="$conf"
  export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}"
  export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-1048576}"
  settings+=(--driver-class-path "$conf")
fi

join() {
  local IFS=,
  printf '%s' "$*"
}
[[ ${#files[@]} -eq 0 ]] || settings+=(--files "$(join "${files[@]}")")
[[ ${#archives[@]} -eq 0 ]] || settings+=(--archives "$(join "${archives[@]}")")

whole=("$spark_submit" --deploy-mode "$mode" --name "mona ${command[0]}" --class dev.mona.cli.Main
  "${settings[@]}" ${options[@]+"${options[@]}"} "$jar" "${command[@]}")

if [[ $mode == client ]]; then
  code=0
  "${whole[@]}" || code=$?
  exit "$code"
fi

# spark-submit ends with 1 whatever went wrong; the code of mona is in the diagnostics that it prints.
code=0
{ "${whole[@]}" 2>&1 >&3 | tee "$scratch/log" >&2; } 3>&1 || code=$?
[[ $code != 0 ]] || exit 0

application=$(grep -oE 'application_[0-9]+_[0-9]+' "$scratch/log" | tail -n 1) || true
reason=$(grep -oE 'mona failed: .*\(exit code [0-9]+\)' "$scratch/log" | tail -n 1) || true
if [[ -n $application ]]; then
  printf 'submit: %s did not succeed%s\n' "$application" "${reason:+: ${reason#mona failed: }}" >&2
  printf 'submit: the log of the driver: yarn logs -applicationId %s -am ALL\n' "$application" >&2
fi
if [[ $reason =~ ([0-9]+)\)$ ]]; then
  code=${BASH_REMATCH[1]}
fi
exit "$code"
