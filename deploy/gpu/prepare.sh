#!/usr/bin/env bash
# Makes the folder that check.sh runs in, to be carried to a machine with a GPU.
#
#   deploy/gpu/prepare.sh [--cpu] [--jre] [--parts SIZE] [OUTPUT]
#
#   --cpu         with libtorch for the CPU, for check.sh --cpu
#   --jre         puts a Java 17 into the folder, made of this one with jlink
#   --parts SIZE  also OUTPUT.tar.00, OUTPUT.tar.01, ... of at most SIZE, e.g. 48m; on the machine:
#                 cat OUTPUT.tar.* | tar x
#   OUTPUT        the folder (default: target/gpu-check)
#
# Needs JDK 17 and Maven, which fetches libtorch for GPUs (458 MB) the first time.
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"

chosen=torch-cuda
jre=false
parts=
output=
while [[ $# -gt 0 ]]; do
  case $1 in
    --cpu) chosen=torch ;;
    --jre) jre=true ;;
    --parts)
      parts=${2:?--parts takes a size, for example 48m}
      shift
      ;;
    --help | -h)
      print_head "$home/deploy/gpu/prepare.sh"
      exit 0
      ;;
    -*)
      printf 'prepare: unknown option %s: see the head of this script\n' "$1" >&2
      exit 2
      ;;
    *) output=$1 ;;
  esac
  shift
done
choose_engine "$chosen"
output=${output:-$home/target/gpu-check}

rm -rf -- "$home/deploy/gpu/target"
# with dist no jar for clusters is made, which takes longest
(cd "$home" && "${MAVEN:-mvn}" -q -B -ntp "-Pdist,$profile,gpu-check" -DskipTests -DskipClusterTests \
  -Dtest.compilation.skip=false -pl deploy/gpu -am package)

rm -rf -- "$output"
jars=$output/mona-spark-job/target/dist$suffix
mkdir -p "$jars" "$output/deploy/local" "$output/deploy/gpu" "$output/benchmarks" "$output/stubs"
mv -- "$home/deploy/gpu/target/lib" "$jars/lib"
touch "$jars/complete"
cp -r -- "$home/conf" "$output/"
cp -- "$home/deploy/environment.sh" "$output/deploy/"
cp -- "$home"/deploy/local/* "$output/deploy/local/"
cp -- "$home"/deploy/gpu/{check.sh,discover-gpus.sh,libraries.txt} "$output/deploy/gpu/"
cp -- "$home"/mona-benchmarks/src/main/python/*.py "$output/benchmarks/"

# Empty libraries for those that libtorch is linked with and does not use: PyTorch's packages lack one.
if [[ $chosen == torch-cuda ]] && command -v cc >/dev/null; then
  while read -r library _ used; do
    [[ $used != unused ]] ||
      cc -shared -x c -Wl,-soname,"$library" -o "$output/stubs/$library" - </dev/null
  done < <(grep -v '^#' "$home/deploy/gpu/libraries.txt")
fi

if $jre; then
  "${JAVA_HOME:+$JAVA_HOME/bin/}jlink" --output "$output/jre" --strip-debug --no-header-files \
    --no-man-pages --compress=2 \
    --add-modules java.se,jdk.crypto.ec,jdk.localedata,jdk.management,jdk.security.auth,jdk.unsupported,jdk.zipfs
fi
printf '%s: %s\n' "$output" "$(du -sh "$output" | cut -f 1)"

if [[ -n $parts ]]; then
  rm -f -- "$output".tar.*
  tar -C "$(dirname -- "$output")" -c "$(basename -- "$output")" |
    split -b "$parts" -d -a 2 - "$output.tar."
  printf '%s\n' "$output".tar.*
fi
