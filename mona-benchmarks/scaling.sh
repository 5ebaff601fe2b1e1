#!/usr/bin/env bash
# What a round of averaging moves, by workers and size of the state: the table of docs/scaling.md.
#
#   mvn -DskipTests package            # once, with -Ptorch for both transports
#   mona-benchmarks/scaling.sh [WORKERS:FLOATS[:EXECUTOR_MIB[:TRANSPORT]] ...]
#
# Every worker is a JVM of its own on this machine. The transport is shuffle or collective, which needs the
# jar of the profile torch; without it, both are measured where that jar is. Needs ss (iproute2).
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
case ${1:-} in
  --help | -h)
    print_head "$home/mona-benchmarks/scaling.sh"
    exit 0
    ;;
esac
spark="$home/tools/distributions/spark/target"
job=$(ls "$home"/mona-spark-job/target/mona-spark-job-*-all-torch.jar 2> /dev/null ||
  ls "$home"/mona-spark-job/target/mona-spark-job-*-all.jar)
transports="shuffle"
[[ $job != *-torch.jar ]] || transports="shuffle collective"
learners=$(ls "$home"/mona-model/target/mona-model-*-tests.jar)
cases=("$@")
[[ ${#cases[@]} -gt 0 ]] || cases=(
  2:22000000 2:66000000:2000 4:66000000:2000 4:22000000 8:22000000 16:22000000
  2:88000000:2600 4:88000000:2600
  2:125000000:3600 4:125000000:3600
)

opens=$(sed -n 's|.*<jvm.opens>\(.*\)</jvm.opens>.*|\1|p' "$home/pom.xml")
export SPARK_HOME="$spark" SPARK_SCALA_VERSION=2.12 SPARK_LOCAL_IP=127.0.0.1
export SPARK_LOCAL_HOSTNAME=localhost OMP_NUM_THREADS=1

printf '| transport | workers | state | MB | seconds, median (range) | driver, an epoch | driver sends | driver receives | of it results | shuffle written | shuffle fetched |\n'
printf '|---|---|---|---|---|---|---|---|---|---|---|\n'
for case in "${cases[@]}"; do
  IFS=: read -r workers floats memory transport <<<"$case"
  for transport in ${transport:-$transports}; do
    # shellcheck disable=SC2086 # a list of options
    java -Xmx6g $opens -XX:+UseParallelGC \
      -Dworkers="$workers" -Dtransport="$transport" -Dfloats="$floats" -DexecutorMemory="${memory:-1000}" \
      -DexecutorOptions="$opens -XX:+UseSerialGC" \
      -Dlog4j2.configurationFile="$home/conf/log4j2.properties" -Dmona.log.level=warn \
      -cp "$home/mona-benchmarks/target/classes:$learners:$job:$spark/jars/*" \
      dev.mona.benchmark.scaling.RoundTraffic
  done
done
