#!/usr/bin/env bash
# Tells Spark which GPUs this container has: {"name": "gpu", "addresses": ["0", "1"]}.
set -euo pipefail

command -v nvidia-smi >/dev/null || {
  printf 'gpus: there is no nvidia-smi: the pod has no GPU, or its runtime class is not nvidia\n' >&2
  exit 1
}
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
addresses=$(printf '%s' "$indices" | tr -d ' ' | sed 's/.*/"&"/' | paste -sd,)
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
