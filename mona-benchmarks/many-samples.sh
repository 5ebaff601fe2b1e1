#!/usr/bin/env bash
# A set of many small samples, from a DataFrame to the end of an epoch, with little memory: how long until the
# first step, and how much of the heaps is in use meanwhile. Prints the table of docs/scaling.md.
#
#   mvn -Ptorch -DskipTests package    # once
#   mona-benchmarks/many-samples.sh [--heap MIB] [--transport NAME] [--work DIRECTORY] [--keep] [SAMPLES]
#
# SAMPLES      of 46 values each, all splits together (default 10000000)
# --heap       of the driver and of each of the two executors, in MiB (default 2048)
# --transport  shuffle, collective or auto (default auto)
# --work       an empty or new directory for the DataFrame, the set and the run (default: a new one in
#              TMPDIR); 10,000,000 samples take up to 15 GB. What it holds is removed at the end
# --keep       leaves it, and takes a DataFrame and a set that are there as they are
#
# A DataFrame of noise goes through mona convert, then two executors of one core train a small random encoder on
# it for an epoch. While they train, each JVM is told every ten seconds to collect its garbage (jcmd), and what is
# in use after that is what it holds. Needs pgrep (procps) and ss (iproute2).
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
# shellcheck source=mona-benchmarks/local-cluster.sh
source "$home/mona-benchmarks/local-cluster.sh"

values=46
heap=2048
transport=auto
work=
keep=false
while [[ ${1:-} == -* ]]; do
  case $1 in
    --help | -h)
      print_head "$home/mona-benchmarks/many-samples.sh"
      exit 0
      ;;
    --heap) heap=${2:?--heap takes MiB} && shift ;;
    --transport) transport=${2:?--transport takes a name} && shift ;;
    --work) work=${2:?--work takes a directory} && shift ;;
    --keep) keep=true ;;
    *)
      printf 'many-samples.sh: unknown option %s: see --help\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done
samples=${1:-10000000}
[[ $samples =~ ^[1-9][0-9]*$ && $heap =~ ^[1-9][0-9]*$ ]] || {
  printf 'many-samples.sh: %s samples and %s MiB must be numbers\n' "$samples" "$heap" >&2
  exit 2
}
find_jars
if [[ -n $work ]]; then
  mkdir -p "$work"
  work=$(cd -- "$work" && pwd)
  $keep || [[ -z $(ls -A "$work") ]] || fail "$work is not empty: name another one for --work"
else
  work=$(mktemp -d)
fi
$keep || trap 'rm -rf -- "$work"' EXIT

millis() {
  date +%s%3N
}

# Full collections now and then, from the first round to the end of a driver.
watch_heaps() {
  local driver=$1 pid
  until grep -q '\bround\b' "$work/trace.tsv" 2> /dev/null; do
    kill -0 "$driver" 2> /dev/null || return 0
    sleep 0.2
  done
  while kill -0 "$driver" 2> /dev/null; do
    for pid in "$driver" $(pgrep -P "$driver" -f CoarseGrainedExecutorBackend || true); do
      jcmd "$pid" GC.run > /dev/null 2>&1 || true
    done
    sleep 10
  done
}

# MiB in use: highest after any collection, then after full ones since a moment: first, last, highest.
heaps() {
  awk -v from="$1" '
    match($0, /Pause/) && match($0, /[0-9]+M->[0-9]+M/) {
      after = substr($0, RSTART, RLENGTH); sub(/.*->/, "", after); after += 0
      if (after > peak) peak = after
      split($0, at, /[][m]/)
      if (/Pause Full/ && at[2] >= from) {
        if (!seen++) first = after
        last = after
        if (after > most) most = after
      }
    }
    END { printf "%d | %s\n", peak, seen ? first " | " last " | " most : "- | - | -" }' "${@:2}"
}

began=$(millis)
if [[ ! -e $work/frame/_SUCCESS ]]; then
  (submit 2 "$heap" "$heap" "$work" dev.mona.benchmark.scaling.NoiseFrame spark-internal \
    "$work/frame" "$samples" "$values") > "$work/frame.log" 2>&1 || fail "see $(tail -n 5 "$work/frame.log")"
fi
made=$(millis)
if [[ ! -e $work/set/manifest.json ]]; then
  (submit 2 "$heap" "$heap" "$work" dev.mona.cli.Main spark-internal convert "$work/frame" --format parquet \
    --test-fraction 0.01 --output "$work/set") > "$work/convert.log" 2>&1 ||
    fail "see $(tail -n 5 "$work/convert.log")"
fi
converted=$(millis)
$keep || rm -rf -- "$work/frame"
[[ -e $work/encoder/tokenizer.json ]] ||
  java -cp "$classes:$job:$spark/target/jars/*" dev.mona.benchmark.scaling.NoiseEncoder "$work/encoder"

cat > "$work/noise.conf" << END
method = finetune
task {
  name = noise
  data = "$work/set"
  validation-fraction = 0.01
}
run { output = "$work/runs", partitions = 2, listeners = "dev.mona.benchmark.scaling.RunTrace" }
backbone.weights = "$work/encoder"
embedder.kernel = 23
source { per-class = 20, probe { train-per-class = 20, test-per-class = 10 } }
warmup.epochs = 0
alignment.epochs = 0
finetuning { epochs = 1, batch-size = 1024, optimizer.learning-rate = 1e-3 }
averaging { frequency = 64, transport = $transport }
evaluation.retention = false
END
rm -f -- "$work"/gc-*.log "$work/trace.tsv"
# a window of samples, 1.25 GiB at most, is outside what Spark counts; mona validate --cluster says this number
stored=$(((heap - 1580) * 100 / (heap - 300)))
stored=$((stored < 20 ? 20 : stored > 60 ? 60 : stored))
submitted=$(millis)
(submit 2 "$heap" "$heap" "$work" --conf "spark.memory.fraction=0.$stored" \
  dev.mona.cli.Main spark-internal train --task "$work/noise.conf") > "$work/train.log" 2>&1 &
driver=$!
watch_heaps "$driver" &
watch=$!
wait "$driver" || fail "the run failed: $(tail -n 5 "$work/train.log")"
wait "$watch"

first=$(awk '$2 == "round" { print $1; exit }' "$work/trace.tsv")
printf '| samples | DataFrame | mona convert | until the first round ended | of it the round | epoch | samples a second |\n'
printf '|---|---|---|---|---|---|---|\n'
printf '| %d | %d s | %d s | %d s ' "$samples" $(((made - began) / 1000)) $(((converted - made) / 1000)) \
  $(((first - submitted) / 1000))
awk '
  $2 == "round" && !round { round = $5 }
  $2 == "epoch" { printf "| %.1f s | %.0f s | %.0f |\n\n", round, $5, $4 / $5 }' "$work/trace.tsv"
printf '| heap in use, MiB | highest after any collection | in the epoch: first | last | highest |\n'
printf '|---|---|---|---|---|\n'
printf '| driver | %s |\n' "$(heaps "$first" "$work/gc-$driver.log")"
for log in "$work"/gc-*.log; do
  [[ $log == "$work/gc-$driver.log" ]] || printf '| executor | %s |\n' "$(heaps "$first" "$log")"
done
