#!/usr/bin/env bash
# Shows in under ten minutes what libtorch computes on this machine's GPU.
#
#   deploy/gpu/check.sh [--cpu] [--fetch] [--only STEP,...] [OUTPUT]
#
# Runs in the folder that deploy/gpu/prepare.sh makes, which can be carried to the machine. Needs JDK 17,
# unless the folder holds a Java, and the CUDA 13 libraries of libraries.txt, which it looks for among the
# Python packages of PyTorch and in the system. Fetches nothing unless asked.
#
#   --cpu     a rehearsal: the same steps with libtorch on the CPU
#   --fetch   installs CUDA libraries that are missing into OUTPUT, with pip
#   --only    these steps alone: machine, libraries, doctor, operations, encoder, steps, quickstart
#   OUTPUT    folder for summary.txt, summary.json and the log of each step (default: check-<time>)
#
# CHECK_PYTHON names the Python that has PyTorch (default: python3). The exit code is 1 when a step failed.
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"

steps=(machine libraries doctor operations encoder steps quickstart)
# seconds that each may take on a GPU machine, together below ten minutes; a rehearsal has three times that
declare -A limits=(
  [machine]=10 [libraries]=20 [doctor]=60 [operations]=120 [encoder]=100 [steps]=110 [quickstart]=160
)
MONA_ENGINE=torch-cuda
fetch=()
only=
step=
output=
while [[ $# -gt 0 ]]; do
  case $1 in
    --cpu) MONA_ENGINE=torch ;;
    --fetch) fetch=(--fetch) ;;
    --only)
      only=${2:?--only takes the names of steps}
      shift
      ;;
    # how the script starts itself for one step
    --step)
      step=$2
      shift
      ;;
    --help | -h)
      print_head "$home/deploy/gpu/check.sh"
      exit 0
      ;;
    -*)
      printf 'check: unknown option %s: see the head of this script\n' "$1" >&2
      exit 2
      ;;
    *) output=$1 ;;
  esac
  shift
done
export MONA_ENGINE
choose_engine "$MONA_ENGINE"
for name in ${only//,/ }; do
  [[ -n ${limits[$name]:-} ]] || {
    printf 'check: there is no step %s: %s\n' "$name" "${steps[*]}" >&2
    exit 2
  }
done
jars="$home/mona-spark-job/target/dist$suffix"
[[ -f $jars/complete ]] || {
  printf 'check: %s is missing: run deploy/gpu/prepare.sh, then this script in the folder it makes\n' \
    "$jars" >&2
  exit 7
}
[[ ! -x $home/jre/bin/java ]] || export JAVA_HOME=$home/jre
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
python=${CHECK_PYTHON:-python3}
use_utf8

# A JVM on the jars of the folder, with the JVM options of the job's launcher.
jvm() {
  OMP_NUM_THREADS=${MONA_THREADS:-$(nproc)} OMP_WAIT_POLICY=PASSIVE \
    CUBLAS_WORKSPACE_CONFIG=:4096:8 "$java" -Xmx3g \
    -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.logger=slf4j \
    -Djava.awt.headless=true -cp "$jars/*:$jars/lib/*" "$@"
}

# Runs classes of JUnit tests on libtorch's device. The last line says how many passed.
junit() {
  local classes=() name code=0
  for name in "$@"; do classes+=(-c "$name"); done
  jvm -Dmona.test.engine=torch org.junit.platform.console.ConsoleLauncher execute --disable-banner \
    --disable-ansi-colors --details=tree --details-theme=ascii --fail-if-no-tests "${classes[@]}" ||
    code=$?
  awk '/tests successful/ {good = $2} /tests failed/ {bad = $2} /tests aborted/ {skipped = $2}
    END {printf "%d tests passed, %d failed, %d skipped\n", good, bad, skipped; exit good == 0}' \
    "$output/$step.log" || return 1
  return "$code"
}

step_machine() {
  local libc driver
  libc=$(getconf GNU_LIBC_VERSION | grep -oE '[0-9.]+$')
  if [[ $(printf '2.35\n%s\n' "$libc" | sort -V | head -n 1) != 2.35 ]]; then
    printf 'the C library is %s, libtorch needs 2.35 or newer: Ubuntu 22.04, Debian 12\n' "$libc"
    return 1
  fi
  if [[ $(java_release "$java") != 17 ]]; then
    printf 'there is no Java 17: set JAVA_HOME, or prepare the folder with --jre\n'
    return 1
  fi
  if ! $gpus; then
    printf 'no GPU wanted: '
    grep -m 1 '^model name' /proc/cpuinfo | cut -d : -f 2 | sed 's/^ *//'
    return
  fi
  if ! command -v nvidia-smi >/dev/null; then
    printf 'there is no nvidia-smi, so no NVIDIA driver: --cpu rehearses the check without a GPU\n'
    return 1
  fi
  driver=$(nvidia-smi --query-gpu=driver_version --format=csv,noheader | head -n 1)
  if ((${driver%%.*} < 580)); then
    printf 'the NVIDIA driver is %s, CUDA 13 needs 580 or newer\n' "$driver"
    return 1
  fi
  nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total --format=csv,noheader
}

# Folders that may hold CUDA libraries, the likeliest first.
library_folders() {
  tr ':' '\n' <<<"${LD_LIBRARY_PATH:-}"
  printf '%s\n' "$output"/cuda/nvidia/*/lib
  "$python" -c '
import glob, site, sysconfig
roots = [sysconfig.get_paths()["purelib"], *site.getsitepackages(), site.getusersitepackages()]
for root in dict.fromkeys(roots):
    print("\n".join(sorted(glob.glob(root + "/nvidia/*/lib"))))
' 2>/dev/null || true
  printf '%s\n' /usr/local/cuda/lib64 /usr/local/cuda-13*/lib64 /usr/lib/x86_64-linux-gnu /usr/lib64 \
    "${CONDA_PREFIX:-/opt/conda}/lib" "$home/stubs"
}

# Looks for each library of libraries.txt, and leaves the folders in libraries.path.
step_libraries() {
  local folders folder library package used found missing=() packages=() taken=()
  if ! $gpus; then
    printf 'none needed on the CPU\n'
    return 77
  fi
  mapfile -t folders < <(library_folders | grep .)
  while read -r library package used; do
    found=
    for folder in "${folders[@]}"; do
      # an empty library of that name is no help where its functions are called
      if [[ -e $folder/$library && ($folder != "$home/stubs" || $used == unused) ]]; then
        found=$folder
        break
      fi
    done
    printf '%-20s %s\n' "$library" "${found:-missing}"
    if [[ -z $found ]]; then
      missing+=("$library")
      packages+=("$package")
    elif [[ :$(IFS=: && printf '%s' "${taken[*]-}"): != *":$found:"* ]]; then
      taken+=("$found")
    fi
  done < <(grep -v '^#' "$home/deploy/gpu/libraries.txt")
  if [[ ${#missing[@]} -gt 0 ]]; then
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
    if [[ ${#fetch[@]} -gt 0 ]]; then
      fetch=()
      "$python" -m pip install --quiet --no-deps --target "$output/cuda" "${packages[@]}" || return 1
      step_libraries
      return
    fi
    printf 'missing: %s. Install the Python packages %s, or give --fetch\n' "${missing[*]}" \
      "${packages[*]}"
    return 1
  fi
  # where containers have the driver's own
  [[ ! -d /usr/local/nvidia/lib64 ]] || taken+=(/usr/local/nvidia/lib64)
  (IFS=: && printf '%s\n' "${taken[*]}") >"$output/libraries.path"
  printf 'all found, in %d folders\n' "${#taken[@]}"
}

step_doctor() {
  "$home/deploy/local/mona" doctor
}

# Each primitive and each operation of the tape against double loops, on the device.
step_operations() {
  junit dev.mona.compute.VectorsTest dev.mona.compute.KernelsTest dev.mona.autodiff.OperationTest
}

# Outputs and gradients of MiniLM and Hiera on the device against those of ND4J on the CPU, and again.
step_encoder() {
  junit dev.mona.torch.EngineAgreementTest
}

# Training steps of this project and of PyTorch by turns; fewer and shorter ones on the CPU.
step_steps() {
  local peers=torch:float32,eager:float32 settings=(-Dturns=1 -Dsteps=2 -Dwarmup=2 -Dkinds=encoder)
  if ! "$python" -c 'import torch' 2>/dev/null; then
    printf '%s has no PyTorch: name one that has by CHECK_PYTHON\n' "$python"
    return 77
  fi
  if $gpus; then
    if ! "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
      printf '%s has a PyTorch that computes on no GPU here: name another by CHECK_PYTHON\n' "$python"
      return 77
    fi
    export BENCHMARK_DEVICE=cuda
    settings=(-Dturns=3 -Dsteps=5 -Dwarmup=5 "-Dkinds=encoder,gradient,exact")
    # tensor cores for bf16 begin with compute capability 8.0
    [[ $(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -n 1) == 7.* ]] ||
      peers+=,torch:bf16,eager:bf16
  elif grep -qE '^flags.* (avx512_bf16|amx_bf16)' /proc/cpuinfo; then
    peers+=,torch:bf16,eager:bf16
  fi
  # the benchmark asks for a virtual environment
  mkdir -p "$output/python/bin"
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$(command -v "$python")" >"$output/python/bin/python"
  chmod +x "$output/python/bin/python"
  jvm "${settings[@]}" -Dpeers="$peers" -Dthreads="$(nproc)" -Dvenv="$output/python" \
    -Dpython.script="$home/benchmarks/pytorch_peer.py" -Doutput="$output/steps" \
    dev.mona.benchmark.SideBySide || return
  printf 'times in steps/result.md\n'
}

step_quickstart() {
  "$home/deploy/local/quickstart.sh" --short "$output/quickstart" || return
  # what is told of it: the line of its table
  grep -E '^mona ' "$output/quickstart.log" | tail -n 1
}

if [[ -n $step ]]; then
  [[ ! -r $output/libraries.path ]] || LD_LIBRARY_PATH=$(<"$output/libraries.path")
  export LD_LIBRARY_PATH
  "step_$step"
  exit
fi

output=${output:-check-$(date +%Y%m%d-%H%M%S)}
mkdir -p "$output"
output=$(cd -- "$output" && pwd)
rm -f -- "$output/libraries.path"
mode=()
$gpus || mode=(--cpu)
names=() results=() took=() notes=()
usable=true
$gpus || for name in "${steps[@]}"; do limits[$name]=$((limits[$name] * 3)); done

# The steps so far as summary.txt and summary.json: written after each, should the machine go away.
summarise() {
  local i
  {
    printf '%s on %s, %s\n\n' "$MONA_ENGINE" "$(uname -n)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    for i in "${!names[@]}"; do
      printf '%-4s  %-10s  %4d s  %s\n' "${results[i]}" "${names[i]}" "${took[i]}" "${notes[i]}"
    done
  } >"$output/summary.txt"
  {
    printf '{"engine": %s, "steps": [' "$(quoted "$MONA_ENGINE")"
    for i in "${!names[@]}"; do
      [[ $i == 0 ]] || printf ','
      printf '\n  {"step": %s, "result": %s, "seconds": %d, "note": %s}' "$(quoted "${names[i]}")" \
        "$(quoted "${results[i]}")" "${took[i]}" "$(quoted "${notes[i]}")"
    done
    printf '\n]}\n'
  } >"$output/summary.json"
}

# A string of JSON.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "$(printf '%s' "$text" | tr -d '\000-\037')"
}

# Runs a step within its time. The last line that it prints is what is told of it; with 77 it skips.
run() {
  local code=0 start=$SECONDS note="" result=FAIL
  if $usable; then
    timeout --kill-after=10 "${limits[$1]}" "$home/deploy/gpu/check.sh" ${mode[@]+"${mode[@]}"} \
      ${fetch[@]+"${fetch[@]}"} --step "$1" "$output" >"$output/$1.log" 2>&1 </dev/null || code=$?
    note=$(grep -av '^[[:space:]]*$' "$output/$1.log" | tail -n 1 | cut -c 1-200) || true
  else
    code=77 note="this machine lacks what a step above names"
  fi
  case $code in
    0) result=PASS ;;
    77) result=SKIP ;;
    124 | 137) note="not done after ${limits[$1]} s, see $1.log" ;;
    *) note+=" (exit code $code, see $1.log)" ;;
  esac
  [[ $result != FAIL || ($1 != machine && $1 != libraries) ]] || usable=false
  names+=("$1") results+=("$result") took+=($((SECONDS - start))) notes+=("$note")
  printf '%-4s %s: %s\n' "$result" "$1" "$note"
  summarise
}

for name in "${steps[@]}"; do
  [[ -n $only && ,$only, != *,$name,* ]] || run "$name"
done
printf '\n'
cat "$output/summary.txt"
printf '\n%s\n' "$output"
[[ " ${results[*]} " != *" FAIL "* ]]
