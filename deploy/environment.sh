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

# What a choice of engine stands for. Sets `engine` to the value of run.engine, `gpus` to whether each
# executor gets a GPU, `profile` to the Maven profile that builds the jars, `suffix` to what the names of
# the jar, the image and the local folder end with, and `settings_of_engine` and `doctor_of_engine` to
# what commands are told.
choose_engine() {
  settings_of_engine=()
  doctor_of_engine=()
  suffix=-$1
  case $1 in
    nd4j) engine=nd4j gpus=false profile=cpu suffix= ;;
    nd4j-cuda) engine=nd4j gpus=true profile=cuda ;;
    torch) engine=torch gpus=false profile=torch ;;
    torch-cuda) engine=torch gpus=true profile=torch-cuda ;;
    *)
      printf 'the engine is "%s", must be nd4j, nd4j-cuda, torch or torch-cuda\n' "$1" >&2
      return 1
      ;;
  esac
  # nd4j is what a run takes by itself
  if [[ $engine != nd4j ]]; then
    settings_of_engine+=(--set "run.engine=$engine")
    doctor_of_engine+=(--engine "$engine")
  fi
  # refuses a jar or an image of another engine that has no code for GPUs
  if $gpus; then
    settings_of_engine+=(--set run.device=gpu)
    doctor_of_engine+=(--device gpu)
  fi
}

# Leaves a command of mona with what its engine adds in `command`; its own settings beat these.
# Commands on finished runs take the engine from the run.
with_engine() {
  local more=()
  case $1 in
    train | validate) more=(${settings_of_engine[@]+"${settings_of_engine[@]}"}) ;;
    compare)
      [[ " $*" != *\ --task[\ =]* && " $*" != *\ --config[\ =]* ]] ||
        more=(${settings_of_engine[@]+"${settings_of_engine[@]}"})
      ;;
    doctor)
      [[ " $*" == *\ --engine* || " $*" == *\ --device* ]] ||
        more=(${doctor_of_engine[@]+"${doctor_of_engine[@]}"})
      ;;
  esac
  command=("$1" ${more[@]+"${more[@]}"} "${@:2}")
}
