#!/usr/bin/env bash
# Three methods on the DNA splice set, at the same number of passes over 512 training samples, with
# the real 22.6 M-parameter encoder: naive finetuning, warm-up and finetuning, MoNA.
#
#   deploy/local/quickstart.sh [--short] [--workers N] [OUTPUT]
#
# --short      one epoch of each stage on 64 samples: shows that everything runs, not what it learns
# --workers N  partitions that train at once and are averaged twice an epoch (default 1; 2 with
#              --short). They share the batch of 32 and the cores, so that the work stays the same
# OUTPUT       directory for the data set and the runs (default: runs/quickstart-<time>)
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
cd "$home"
mona="$home/deploy/local/mona"

workers=1
settings=()
while [[ ${1:-} == -* ]]; do
  case $1 in
    --help | -h)
      print_head "$home/deploy/local/quickstart.sh"
      exit 0
      ;;
    --short)
      workers=2
      settings=(
        --set task.train-samples=64 --set task.test-samples=200
        --set warmup.epochs=1 --set alignment.epochs=1 --set finetuning.epochs=1
        --set finetuning.schedule.decay-epochs=0
        --set source.per-class=20
      )
      ;;
    --workers)
      workers=${2:?--workers takes a number}
      shift
      ;;
    *)
      printf 'quickstart: unknown option %s: see the head of this script\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done
[[ $workers =~ ^(1|2|4|8)$ ]] || {
  printf 'quickstart: --workers is %s, must be 1, 2, 4 or 8\n' "$workers" >&2
  exit 2
}
output="${1:-runs/quickstart-$(date -u +%Y%m%d-%H%M%S)}"

batch=$((32 / workers))
settings+=(
  --set evaluation.retention-every=4 --set evaluation.outer-batches=2
  --set source.probe.train-per-class=20 --set source.probe.test-per-class=10
  --set task.validation-fraction=0.1
  --set "run.partitions=$workers" --set "averaging.frequency=$((workers == 1 ? 16 : 8))"
  --set "warmup.batch-size=$batch" --set "alignment.batch-size=$batch"
  --set "finetuning.batch-size=$batch"
)
cores=$(nproc)
export MONA_THREADS="${MONA_THREADS:-$((cores > workers ? cores / workers : 1))}"
export MONA_HEAP="${MONA_HEAP:-3g}"
export MONA_LOG_LEVEL="${MONA_LOG_LEVEL:-warn}"
started=$SECONDS

"$mona" convert conf/quickstart/dna_splice --one-hot 4 --output "$output/data"
"$mona" compare --task dna_splice --output "$output" "${settings[@]}" \
  --set "task.data=$output/data" --methods finetune,warmup-finetune,mona --seeds 1
printf 'The aligned embedders and finetuned models are in %s; %d s in all.\n' \
  "$output" "$((SECONDS - started))"
printf 'Open %s in a browser.\n' "$output/comparison-dna_splice/report/index.html"
