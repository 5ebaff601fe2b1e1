#!/usr/bin/env bash
# Three methods on the DNA splice set, at the same number of passes over 512 training samples, with
# the real 22.6 M-parameter encoder: naive finetuning, warm-up and finetuning, MoNA.
#
#   deploy/local/quickstart.sh [--short] [OUTPUT]
#
# --short   one epoch of each stage on 64 samples: shows that everything runs, not what it learns
# OUTPUT    directory for the data set and the runs (default: runs/quickstart-<time>)
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$home"
mona="$home/deploy/local/mona"

settings=()
if [[ ${1:-} == --short ]]; then
  shift
  settings=(
    --set task.train-samples=64 --set warmup.epochs=1 --set alignment.epochs=1
    --set finetuning.epochs=1 --set finetuning.schedule.decay-epochs=0
    --set source.per-class=20 --set source.probe.train-per-class=6
  )
fi
output="${1:-runs/quickstart-$(date -u +%Y%m%d-%H%M%S)}"

# Half the batch on each of two workers: as many optimizer steps as one machine with the whole.
# They are averaged once an epoch.
settings+=(
  --set evaluation.outer-batches=4 --set source.probe.test-per-class=10
  --set run.partitions=2 --set averaging.frequency=16
  --set warmup.batch-size=16 --set alignment.batch-size=16 --set finetuning.batch-size=16
)
export MONA_HEAP="${MONA_HEAP:-3g}"
export MONA_LOG_LEVEL="${MONA_LOG_LEVEL:-warn}"
started=$SECONDS

"$mona" convert conf/quickstart/dna_splice --one-hot 4 --output "$output/data"
for method in finetune warmup-finetune mona; do
  printf '\n%s\n' "$method"
  "$mona" train --task dna_splice --output "$output" "${settings[@]}" \
    --set "task.data=$output/data" --set "method=$method" --set "run.id=$method"
done

printf '\n'
"$mona" compare "$output/finetune" "$output/warmup-finetune" "$output/mona"
printf 'The aligned embedders and finetuned models are in %s; %d s in all.\n' \
  "$output" "$((SECONDS - started))"
