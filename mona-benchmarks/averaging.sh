#!/usr/bin/env bash
# What many local steps cost and save: finetunes a pretrained encoder with workers that are averaged in
# place every K steps, by each of mean and nesterov (averaging.outer) with each of average and local
# (averaging.moments), and prints one row of a table as soon as a run has ended.
#
#   mvn -Ptorch -DskipTests package     # once
#   mona-benchmarks/averaging.sh [OPTION ...] [TASK:FOLDER[:CONVERT OPTIONS] ...]
#
#   mona-benchmarks/averaging.sh \
#     dna_splice:conf/quickstart/dna_splice:"--one-hot 4" \
#     satellite_crop:/data/satellite_crop:"--standardise"
#
# TASK           name of a file in conf/tasks
# FOLDER         its published arrays, which are converted (mona convert)
# --steps LIST   values of K (default "8 64 256")
# --arms LIST    what is compared (default "mean:average mean:local nesterov:average nesterov:local")
# --weights PATH the encoder, as backbone.weights takes it (default minilm, which comes with the jar)
# --workers N    executors of one core each (default 4)
# --batch N      samples of a local step (default 2)
# --samples N    training samples (default 2048: 256 steps an epoch for each of 4 workers at a batch of 2)
# --test N       test samples (default 600)
# --epochs N     epochs (default 2; one of 256 steps for 4 workers takes about 2 minutes on 2 idle slow cores)
# --seed N       seed (default 1)
# --memory MIB   heap of an executor (default 2400)
# --output DIR   data and runs (default target/averaging-<time>); a run that has ended there is not done again,
#                one that was cut off is
#
# Without a set it takes the DNA of the quickstart. The table goes to standard output, the logs to the
# folder of the runs. An executor of MiniLM takes about 2 GB, the first 3 GB.
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"

# shellcheck source=mona-benchmarks/local-cluster.sh
source "$home/mona-benchmarks/local-cluster.sh"

wrong() {
  printf 'averaging.sh: %s\n' "$1" >&2
  exit 2
}

steps="8 64 256"
arms="mean:average mean:local nesterov:average nesterov:local"
weights=minilm workers=4 batch=2 samples=2048 tested=600 epochs=2 seed=1 memory=2400
output="target/averaging-$(date -u +%Y%m%d-%H%M%S)"
while [[ ${1:-} == -* ]]; do
  [[ $1 != --help && $1 != -h ]] || {
    print_head "$home/mona-benchmarks/averaging.sh"
    exit 0
  }
  [[ $# -ge 2 ]] || wrong "$1 takes a value: see --help"
  case $1 in
    --steps) steps=$2 ;;
    --arms) arms=$2 ;;
    --weights) weights=$2 ;;
    --workers) workers=$2 ;;
    --batch) batch=$2 ;;
    --samples) samples=$2 ;;
    --test) tested=$2 ;;
    --epochs) epochs=$2 ;;
    --seed) seed=$2 ;;
    --memory) memory=$2 ;;
    --output) output=$2 ;;
    *) wrong "unknown option $1: see --help" ;;
  esac
  shift 2
done
sets=("$@")
[[ ${#sets[@]} -gt 0 ]] || sets=("dna_splice:$home/conf/quickstart/dna_splice:--one-hot 4")

find_jars
[[ $job == *-torch.jar ]] || fail "there is no jar with libtorch: mvn -Ptorch -DskipTests package"

# The command line, with driver and executors in JVMs of their own.
mona() {
  (submit "$workers" "$memory" 3000 "$output/work" --conf spark.locality.wait=60s \
    dev.mona.cli.Main spark-internal "$@")
}

# One number of the last summary or of the rounds; what is missing is a dash.
number() {
  sed -n "s/.*\"$1\" *: *\([-0-9.E]*\).*/\1/p" "$2" | tail -n 1 | grep . || printf -- '-'
}

row() {
  local rounds="$1/metrics/rounds.jsonl"
  local error bytes
  error=$(sed -n 's/.*"test_[a-z0-9_]*" *: *\([0-9.E-]*\).*/\1/p' "$1/metrics/summary.json" | head -n 1)
  bytes=$(number averaged_bytes "$rounds")
  awk -v set="$2" -v k="$3" -v outer="$4" -v moments="$5" -v error="${error:--}" -v bytes="$bytes" '
    match($0, /"seconds":[0-9.E-]+/) { seconds += substr($0, RSTART + 10, RLENGTH - 10) }
    match($0, /"averaging_seconds":[0-9.E-]+/) { averaging += substr($0, RSTART + 20, RLENGTH - 20) }
    END {
      printf "| %s | %d | %s | %s | %.4f | %.1f | %d | %.0f | %.0f |\n",
        set, k, outer, moments, error, bytes / 1e6, NR, seconds, averaging
    }' "$rounds"
}

mkdir -p "$output"
output=$(readlink -f -- "$output")
printf '| set | K | outer | moments | error on test | MB a round | rounds | seconds of rounds | of these averaging |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
for set in "${sets[@]}"; do
  IFS=: read -r task folder conversion <<<"$set"
  [[ -n $task && -n $folder ]] || wrong "$set names no set: TASK:FOLDER[:CONVERT OPTIONS]"
  data="$output/data/$task"
  if [[ ! -d $data ]]; then
    # shellcheck disable=SC2086 # a list of options
    mona convert "$folder" $conversion --output "$data" >"$output/$task-convert.log" 2>&1 ||
      fail "$folder could not be converted: see $output/$task-convert.log"
  fi
  for k in $steps; do
    for arm in $arms; do
      IFS=: read -r outer moments <<<"$arm"
      run="$task-$k-$outer-$moments"
      if [[ ! -f $output/$run/_SUCCESS ]]; then
        rm -rf -- "${output:?}/$run"
        mona train --task "$task" --output "$output" \
          --set "task.data=$data" --set "run.id=$run" --set method=finetune --set "run.seed=$seed" \
          --set "backbone.weights=$weights" --set "run.partitions=$workers" \
          --set "task.train-samples=$samples" --set "task.test-samples=$tested" \
          --set task.validation-fraction=0 --set evaluation.retention=false \
          --set evaluation.discrepancy-samples=0 --set source.per-class=20 \
          --set source.probe.train-per-class=20 --set source.probe.test-per-class=10 \
          --set warmup.epochs=0 --set alignment.epochs=0 --set "finetuning.epochs=$epochs" \
          --set "finetuning.batch-size=$batch" --set finetuning.accumulation=1 \
          --set "finetuning.schedule.warmup-epochs=0" \
          --set "finetuning.schedule.decay-epochs=$epochs" \
          --set averaging.transport=collective --set "averaging.frequency=$k" \
          --set "averaging.outer=$outer" --set "averaging.moments=$moments" \
          >"$output/$run.log" 2>&1 || fail "$run did not end: see $output/$run.log"
      fi
      row "$output/$run" "$task" "$k" "$outer" "$moments"
    done
  done
done
