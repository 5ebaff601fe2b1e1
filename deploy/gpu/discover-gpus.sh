#!/usr/bin/env bash
# Tells Spark which GPUs there are: spark.executor.resource.gpu.discoveryScript.
#
#   deploy/gpu/discover-gpus.sh
#
# Prints {"name": "gpu", "addresses": ["0", "1"]} for the devices that nvidia-smi lists.
# Ends with 1 and a sentence on standard error when there is none.
set -euo pipefail

# alone on the machines of a cluster, without environment.sh
if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
  exit 0
fi

fail() {
  printf 'discover-gpus: %s\n' "$1" >&2
  exit 1
}

command -v nvidia-smi >/dev/null ||
  fail "nvidia-smi is not on the PATH: install the NVIDIA driver here, or ask for no gpu resource"

indices=$(nvidia-smi --query-gpu=index --format=csv,noheader) ||
  fail "nvidia-smi failed: check the NVIDIA driver with it"

addresses=()
while read -r index; do
  [[ -z $index ]] && continue
  [[ $index =~ ^[0-9]{1,4}$ ]] ||
    fail "nvidia-smi listed \"$index\" instead of a device number: check the NVIDIA driver with it"
  addresses+=("\"$index\"")
done <<<"$indices"

((${#addresses[@]} > 0)) ||
  fail "nvidia-smi lists no GPU: give the container one, or ask for no gpu resource"

joined=$(printf '%s, ' "${addresses[@]}")
printf '{"name": "gpu", "addresses": [%s]}\n' "${joined%, }"
