# What the scripts share that run whole commands on a cluster of this machine; they source it and have set
# `home`. Every executor is a JVM of its own with one core.
# shellcheck shell=bash

# Prints a message and ends.
fail() {
  printf '%s: %s\n' "$(basename -- "$0")" "$1" >&2
  exit 7
}

# Finds what the build made: the job's jar with libtorch if there is one, and the classes of this module.
find_jars() {
  spark="$home/tools/distributions/spark"
  job=$(ls "$home"/mona-spark-job/target/mona-spark-job-*-all-torch.jar 2> /dev/null ||
    ls "$home"/mona-spark-job/target/mona-spark-job-*-all.jar 2> /dev/null) ||
    fail "there is no jar of the job: run mvn -Ptorch -DskipTests package"
  classes="$home/mona-benchmarks/target/classes"
  [[ -d $classes/dev && -d $spark/target/jars ]] ||
    fail "the build is not whole: run mvn -Ptorch -DskipTests package"
}

# Starts a class with spark-submit: submit EXECUTORS EXECUTOR_MIB DRIVER_MIB WORK [OPTION ...] CLASS [ARGUMENT ...]
# Executors, shuffles and logs of collections lie in WORK.
submit() {
  local executors=$1 memory=$2 driver=$3 work=$4
  shift 4
  local options=()
  while [[ $1 == -* ]]; do
    options+=("$1" "$2")
    shift 2
  done
  local java="-Dlog4j2.configurationFile=$home/conf/log4j2.properties -Dmona.log.level=info"
  java+=" -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Xlog:gc:file=$work/gc-%p.log:timemillis"
  mkdir -p "$work/spark" "$work/local"
  [[ -e $work/spark/jars ]] || ln -s "$spark/target/jars" "$work/spark/jars"
  # executors run, and leave what they print, in a directory of SPARK_HOME
  SPARK_HOME="$work/spark" SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_HOSTNAME=localhost \
    MONA_CONF_DIR="$home/conf" OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    exec "$spark/bin/spark-submit" --master "local-cluster[$executors,1,$memory]" \
    --properties-file "$home/conf/clusters/local.conf" --driver-memory "${driver}m" \
    --conf "spark.executor.memory=${memory}m" --conf "spark.local.dir=$work/local" \
    --conf "spark.driver.extraClassPath=$classes:$job" --conf "spark.executor.extraClassPath=$classes:$job" \
    --conf "spark.executor.extraJavaOptions=$java" --driver-java-options "$java -Dtrace=$work/trace.tsv" \
    --conf spark.scheduler.minRegisteredResourcesRatio=1.0 \
    --conf spark.scheduler.maxRegisteredResourcesWaitingTime=120s \
    ${options[@]+"${options[@]}"} --class "$@"
}
