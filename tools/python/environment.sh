#!/usr/bin/env bash
# A virtual environment of Python for the tests, filled from the package index; where the same was asked for
# before, it stays as it is. What failed is the last line that it prints.
#
#   tools/python/environment.sh FOLDER WORDS...
#
# WORDS are those of uv pip install. FOLDER/complete notes them, and files of requirements by their content.
set -euo pipefail
readonly uv=uv==0.13.9

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
  exit 0
fi

fail() {
  printf 'no virtual environment of Python can be made here: %s\n' "$1" >&2
  exit 1
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
"$folder/bin/uv" pip install -q --python "$folder/bin/python" "$@" || fail "the package index does not give $*"
printf '%s\n' "$wanted" >"$folder/complete"
