#!/usr/bin/env bash
# Times training steps beside libtorch and, where a Python with torch is named, beside PyTorch.
#
#   mona-benchmarks/run.sh [-Dturns=5] [-Dsteps=5] [-Dthreads=2] [-Dkinds=encoder,exact]
#
# BENCHMARK_PYTHON   interpreter that has torch; without it PyTorch is left out
# BENCHMARK_OUTPUT   directory of result.md and result.json; target/benchmark when not set
# MAVEN              the Maven to build with; mvn when not set
#
# Needs JDK 17 and Maven. The first run downloads libtorch (90 MB). Close everything else: the
# tables show how much of the machine others used.
set -euo pipefail

module=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
repository=$(dirname "$module")
# shellcheck source=deploy/environment.sh
source "$repository/deploy/environment.sh"
jars=$module/target/libtorch
classes=$module/target/libtorch-classes
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
"$maven" -q -B -f "$repository/pom.xml" -pl mona-benchmarks -am -Plibtorch test-compile \
  dependency:build-classpath -Dmdep.outputFile="$class_path_file" -Dmdep.includeScope=runtime

mkdir -p "$classes"
find "$module/src/libtorch/java" "$module/src/main/java/dev/mona/benchmark/SeededValues.java" \
  -name '*.java' -print0 |
  xargs -0 javac --release 17 -proc:none -nowarn -cp "$jars/*" -d "$classes"

peers=("-Dlibtorch.jars=$jars" "-Dlibtorch.classes=$classes")
if [[ -n ${BENCHMARK_PYTHON:-} ]]; then
  peers+=("-Dpython=$BENCHMARK_PYTHON")
  peers+=("-Dpython.script=$module/src/main/python/pytorch_peer.py")
fi

exec java -Xmx256m "${peers[@]}" \
  -Doutput="${BENCHMARK_OUTPUT:-$module/target/benchmark}" \
  -Dcommand="mona-benchmarks/run.sh $*" \
  "$@" \
  -cp "$module/target/classes:$(cat "$class_path_file")" \
  dev.mona.benchmark.SideBySide
