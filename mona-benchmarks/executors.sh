#!/usr/bin/env bash
# What further executors bring: finetuning with 1, 2 and 4 executors of one core each, averaged every 16 steps.
# Prints the table of docs/scaling.md.
#
#   mvn -Ptorch -DskipTests package    # once
#   mona-benchmarks/executors.sh [--weights NAME] [--data DIRECTORY] [--samples COUNT] [--epochs COUNT]
#                                [--heap MIB] [--task NAME] [WORKERS[:TRANSPORT] ...]
#
# WORKERS      executors; TRANSPORT is shuffle or collective (default: 1 2:shuffle 2:collective 4:shuffle
#              4:collective, without those in place where the jar has no libtorch)
# --weights    backbone.weights, minilm or a folder (default minilm)
# --task       a task file of conf/tasks or a path (default dna_splice)
# --data       its data set (default: that of the quickstart, which is converted first)
# --samples    training samples; 512 times the most workers make whole rounds (default 2048)
# --epochs     epochs that count, after one that warms up (default 3)
# --heap       of each executor, in MiB (default 2000)
#
# Every executor is a JVM of its own on this machine, with one core and OMP_NUM_THREADS=1: no more of them get
# faster than the machine has cores. Samples a second are those of whole epochs without their validation. Needs ss
# (iproute2).
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
# shellcheck source=mona-benchmarks/local-cluster.sh
source "$home/mona-benchmarks/local-cluster.sh"

weights=minilm
task=dna_splice
data=
samples=2048
epochs=3
heap=2000
while [[ ${1:-} == -* ]]; do
  case $1 in
    --help | -h)
      print_head "$home/mona-benchmarks/executors.sh"
      exit 0
      ;;
    --weights) weights=${2:?--weights takes a name} && shift ;;
    --task) task=${2:?--task takes a name} && shift ;;
    --data) data=${2:?--data takes a directory} && shift ;;
    --samples) samples=${2:?--samples takes a number} && shift ;;
    --epochs) epochs=${2:?--epochs takes a number} && shift ;;
    --heap) heap=${2:?--heap takes MiB} && shift ;;
    *)
      printf 'executors.sh: unknown option %s: see --help\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done
find_jars
cases=("$@")
if [[ ${#cases[@]} -eq 0 ]]; then
  cases=(1 2:shuffle 4:shuffle)
  [[ $job != *-torch.jar ]] || cases=(1 2:shuffle 2:collective 4:shuffle 4:collective)
fi
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

if [[ -z $data ]]; then
  data="$work/set"
  (submit 1 "$heap" 1000 "$work" dev.mona.cli.Main spark-internal convert "$home/conf/quickstart/dna_splice" \
    --one-hot 4 --output "$data") > "$work/convert.log" 2>&1 || fail "see $(tail -n 5 "$work/convert.log")"
fi

printf '| executors | transport | samples a second | over one | averaging, of a round | rounds | driver sends, MB an epoch | driver receives |\n'
printf '|---|---|---|---|---|---|---|---|\n'
one=0
for case in "${cases[@]}"; do
  IFS=: read -r workers transport <<< "$case"
  transport=${transport:-auto}
  (submit "$workers" "$heap" 3000 "$work" dev.mona.cli.Main spark-internal train --task "$task" \
    --output "$work/runs" --set "run.id=$workers-$transport" --set method=finetune \
    --set run.listeners=dev.mona.benchmark.scaling.RunTrace --set "run.partitions=$workers" \
    --set "task.data=$data" --set "task.train-samples=$samples" --set task.test-samples=100 \
    --set task.validation-fraction=0 --set "backbone.weights=$weights" \
    --set source.per-class=20 --set source.probe.train-per-class=20 --set source.probe.test-per-class=10 \
    --set evaluation.retention=false --set averaging.frequency=16 --set "averaging.transport=$transport" \
    --set warmup.epochs=0 --set alignment.epochs=0 \
    --set finetuning.batch-size=32 --set "finetuning.epochs=$((epochs + 1))" \
    --set finetuning.schedule.warmup-epochs=0 --set finetuning.schedule.decay-epochs=0) \
    > "$work/train.log" 2>&1 || fail "$workers executors, $transport: $(tail -n 5 "$work/train.log")"
  row=$(awk -F '\t' -v one="$one" '
    $3 == 0 { next }
    $2 == "round" { rounds++; seconds += $5; averaging += $6 }
    $2 == "epoch" { epochs++; examples += $4; whole += $5; sent += $7; received += $8 }
    END {
      rate = examples / whole
      printf "%.1f %.2f %.1f%% %d %.0f %.0f\n", rate, rate / (one ? one : rate), \
        100 * averaging / seconds, rounds, sent / epochs / 1e6, received / epochs / 1e6
    }' "$work/trace.tsv")
  read -r rate speedup share rounds sent received <<< "$row"
  [[ $one != 0 ]] || one=$rate
  printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$workers" "$transport" "$rate" "$speedup" "$share" "$rounds" \
    "$sent" "$received"
done
