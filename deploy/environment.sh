# What the scripts that start Java have in common; they source it.
# shellcheck shell=bash

# Prints the head of a script.
print_head() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$1"
}

# The locale spells the names of files and the words of the command line. Java writes question marks
# for letters that it does not have.
use_utf8() {
  [[ $(locale charmap 2>/dev/null) == UTF-8 ]] || export LC_ALL=C.UTF-8
}

# Feature release of a java, for example 17; nothing when it does not say. The file beside it tells
# without the start of a JVM.
java_release() {
  local path release
  path=$(command -v "$1") || return 0
  release=$(dirname -- "$(readlink -f -- "$path")")/../release
  {
    if [[ -r $release ]]; then
      cat -- "$release"
    else
      "$path" -version 2>&1 || true
    fi
  } | sed -n -E 's/^(JAVA_VERSION=|.* version )"(1\.)?([0-9]+).*/\3/p' | head -n 1
}
