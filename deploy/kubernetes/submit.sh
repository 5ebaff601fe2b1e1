#!/usr/bin/env bash
# Submits a command of the job to Kubernetes in cluster mode, and waits for its end.
#
#   deploy/kubernetes/submit.sh --master k8s://https://HOST:6443 --image IMAGE [OPTION...] -- COMMAND...
#   deploy/kubernetes/submit.sh --master k8s://https://HOST:6443 --image registry/mona:0.1.0 \
#     -- train --task dna_splice --output s3a://bucket/runs
#
# --namespace NAME      namespace with the accounts of rbac.yaml (default mona)
# --name NAME           name of the run in the pods' names (default mona)
# --executors N         executors (default 2)
# --engine NAME         what computes: nd4j (default, or MONA_ENGINE), nd4j-cuda, torch or torch-cuda, see
#                       docs/engines.md. Picks run.engine and the image, whose tag gets -NAME at its end
#                       unless it has it, is of nd4j or is a digest; with -cuda each executor gets a GPU
# --conf KEY=VALUE      any further property of Spark; may be repeated, wins over everything here
# --properties FILE     properties of Spark (default conf/clusters/kubernetes.conf)
# --no-wait             return when the driver pod is made
# --attempts N          driver pods one after the other at most (default 1): the next one goes on with
#                       the run when one was stopped (exit code 7) or lost. COMMAND is train with
#                       --set run.id=NAME
#
# SPARK_HOME is a Spark 3.5 release (default: the one that mvn package assembles). The exit code is
# the one of the command in the driver pod.
set -euo pipefail

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd -- "$here/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"

usage() {
  printf 'submit: %s: see the head of this script\n' "$1" >&2
  exit 2
}

master=
image=
namespace=
name=mona
chosen="${MONA_ENGINE:-nd4j}"
wait=1
attempts=1
properties="$home/conf/clusters/kubernetes.conf"
further=()
while [[ $# -gt 0 && $1 != -- ]]; do
  case $1 in
    --help | -h)
      print_head "$here/submit.sh"
      exit 0
      ;;
    --no-wait) wait=0 ;;
    --master | --image | --namespace | --name | --executors | --engine | --conf | --properties | \
      --attempts)
      [[ -n ${2:-} && $2 != -- ]] || usage "$1 takes a value"
      case $1 in
        --master) master=$2 ;;
        --image) image=$2 ;;
        --namespace) namespace=$2 ;;
        --name) name=$2 ;;
        --engine) chosen=$2 ;;
        --executors) further+=(--conf "spark.executor.instances=$2") ;;
        --conf) further+=(--conf "$2") ;;
        --properties) properties=$2 ;;
        --attempts) attempts=$2 ;;
      esac
      shift
      ;;
    *) usage "unknown option $1" ;;
  esac
  shift
done
[[ ${1:-} == -- && $# -gt 1 ]] || usage "no command after --"
shift
[[ $master == k8s://* ]] || usage "--master is '$master', must begin with k8s://"
[[ -n $image ]] || usage "--image is missing"
choose_engine "$chosen" || usage "check --engine and MONA_ENGINE"
[[ $image == *@* || $image == *"$suffix" ]] || image+=$suffix
[[ -r $properties ]] || usage "$properties cannot be read"
[[ $attempts =~ ^[1-9][0-9]?$ ]] || usage "--attempts is '$attempts', must be a number from 1 to 99"
if ((attempts > 1)); then
  [[ $1 == train && $wait == 1 && " $* " == *[\ =]run.id=[!\ ]* ]] ||
    usage "--attempts needs train, --set run.id=NAME and no --no-wait"
  set -- "$@" --set run.resume=auto
fi
with_engine "$@"

spark_submit="$home/tools/distributions/spark/bin/spark-submit"
[[ -z ${SPARK_HOME:-} || ! -x $SPARK_HOME/bin/spark-submit ]] ||
  spark_submit="$SPARK_HOME/bin/spark-submit"

release=$(java_release "${JAVA_HOME:+$JAVA_HOME/bin/}java")
((${release:-17} <= 17)) || {
  printf 'submit: Spark 3.5 needs JDK 17 and this is Java %s: set JAVA_HOME to a JDK 17\n' "$release" >&2
  exit 7
}
use_utf8

arguments=(
  --master "$master"
  --deploy-mode cluster
  --name "$name"
  --class dev.mona.cli.Main
  --properties-file "$properties"
  --conf "spark.kubernetes.container.image=$image"
  --conf "spark.kubernetes.driver.podTemplateFile=$here/templates/driver.yaml"
  --conf "spark.kubernetes.driver.podTemplateContainerName=spark-kubernetes-driver"
  --conf "spark.kubernetes.executor.podTemplateContainerName=spark-kubernetes-executor"
)
[[ -z $namespace ]] || arguments+=(--conf "spark.kubernetes.namespace=$namespace")
if $gpus; then
  arguments+=(
    --conf "spark.kubernetes.executor.podTemplateFile=$here/templates/executor$suffix.yaml"
    --conf spark.executor.resource.gpu.amount=1
    --conf spark.executor.resource.gpu.vendor=nvidia.com
    --conf spark.executor.resource.gpu.discoveryScript=/opt/mona/discover-gpus.sh
    --conf spark.task.resource.gpu.amount=1
  )
else
  arguments+=(--conf "spark.kubernetes.executor.podTemplateFile=$here/templates/executor.yaml")
fi
((wait)) || arguments+=(--conf spark.kubernetes.submission.waitAppCompletion=false)
# Later ones win.
arguments+=(${further[@]+"${further[@]}"})

# spark-submit succeeds whatever becomes of the driver, and only its log tells the exit code.
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
for ((attempt = 1; ; attempt++)); do
  "$spark_submit" "${arguments[@]}" local:///opt/mona/mona.jar "${command[@]}" 2>&1 | tee "$log" >&2
  ((wait)) || exit 0
  code=$(sed -n 's/.*exit code: \([0-9][0-9]*\).*/\1/p' "$log" | tail -n 1)
  # 7 is a run that was stopped; 137 and 143 are a pod that was killed, none is one that is gone.
  [[ -z $code || $code == 7 || $code == 137 || $code == 143 ]] && ((attempt < attempts)) || break
  printf 'submit: driver %d of %d ended with %s: the next one continues the run\n' \
    "$attempt" "$attempts" "${code:-no exit code}" >&2
done
[[ -n $code ]] || {
  printf 'submit: the driver pod ended without an exit code: see its events with kubectl describe\n' >&2
  exit 1
}
exit "$code"
