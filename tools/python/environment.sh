#!/usr/bin/env bash
# A virtual environment of Python for the tests, filled from the package index; where the same was asked for
# before, it stays as it is. What failed is the last line that it prints.
#
#   tools/python/environment.sh FOLDER WORDS...
#
# WORDS are those of uv pip install. FOLDER/complete notes them, and files of requirements by their content.
#
# With --torch-backend=cpu, PyTorch comes from an index of its own. Where that one is not reached, the script ends
# with 69, and MONA_TORCH=any takes PyTorch from the index of all else: with its libraries for GPUs, three gigabytes
# to fetch.
set -euo pipefail
readonly uv=uv==0.13.9

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
  exit 0
fi

fail() {
  printf 'no virtual environment of Python can be made here: %s\n' "$1" >&2
  exit "${2:-1}"
}

folder=$1
shift
wanted=$(
  printf '%s\n' "$uv"
  for word; do
    printf '%s\n' "$word"
    [[ ! -f $word ]] || cat -- "$word"
  done
)
[[ ! -f $folder/complete || $(<"$folder/complete") != "$wanted" ]] || exit 0

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'python3 is missing or older than 3.11'
python3 -m venv --clear "$folder" || fail 'python3 has no module venv'
"$folder/bin/python" -m pip install -q "$uv" || fail "the package index does not give $uv"
install() {
  "$folder/bin/uv" pip install -q --python "$folder/bin/python" "$@" 2>&1 | tee "$folder/said" >&2
}
if ! install "$@"; then
  code=1
  grep -q 'Failed to fetch.*/whl/cpu/' "$folder/said" && code=69
  others=()
  for word; do
    [[ $word == --torch-backend=cpu ]] || others+=("$word")
  done
  [[ ${MONA_TORCH:-cpu} == any && ${#others[@]} -lt $# ]] && install "${others[@]}" ||
    fail "the package index does not give $*" "$code"
fi
printf '%s\n' "$wanted" >"$folder/complete"
