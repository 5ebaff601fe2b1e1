#!/usr/bin/env bash
# Times training steps of this project on each engine beside PyTorch, and counts what a warm step asks
# for. Prints the tables as Markdown.
#
#   mona-benchmarks/run.sh [-Dvenv=DIRECTORY] [-Dturns=5] [-Dsteps=4] [-Dwarmup=10] [-Dthreads=2]
#                          [-Dkinds=encoder,exact] [-Dpeers=torch:float32,torch:bf16,eager:bf16]
#
# -Dvenv             virtual environment with torch; without it PyTorch is left out
# -Dpeers            who takes part, in this order; all that can when not set
# BENCHMARK_OUTPUT   directory of result.md and result.json; target/benchmark when not set
# MAVEN              the Maven to build with; mvn when not set
#
# Needs JDK 17 and Maven, and g++ for PyTorch compiled. All seven peers and three steps take about 20 minutes;
# result.md is written anew after each step. Close everything else: the tables show how much of the machine
# others used.
set -euo pipefail

module=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
repository=$(dirname "$module")
# shellcheck source=deploy/environment.sh
source "$repository/deploy/environment.sh"
class_path_file=$module/target/class-path.txt
maven=${MAVEN:-mvn}

for option in "$@"; do
  if [[ $option == --help || $option == -h ]]; then
    print_head "$module/run.sh"
    exit 0
  fi
  if [[ $option != -D* ]]; then
    echo "unknown argument $option: give settings as -Dname=value, see the head of $0" >&2
    exit 2
  fi
done

# One reactor run: the model's classes are taken from its target directory, nothing is installed.
"$maven" -q -B -f "$repository/pom.xml" -pl mona-benchmarks -am test-compile \
  dependency:build-classpath -Dmdep.outputFile="$class_path_file" -Dmdep.includeScope=runtime >&2

exec java -Xmx256m -Dpython.script="$module/src/main/python/pytorch_peer.py" \
  -Doutput="${BENCHMARK_OUTPUT:-$module/target/benchmark}" \
  -Dcommand="mona-benchmarks/run.sh $*" \
  "$@" \
  -cp "$module/target/classes:$(cat "$class_path_file")" \
  dev.mona.benchmark.SideBySide
