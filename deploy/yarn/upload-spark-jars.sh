#!/usr/bin/env bash
# Puts Spark's jars into one archive on HDFS, so that submits do not upload 280 MB each.
#
#   deploy/yarn/upload-spark-jars.sh hdfs:///spark/spark-3.5.6.zip
#
# prints the property to put into spark-defaults.conf. SPARK_HOME is Spark 3.5; HADOOP_CONF_DIR says
# where the cluster is.
set -euo pipefail

home=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=deploy/environment.sh
source "$home/deploy/environment.sh"
case ${1:-} in
  --help | -h)
    print_head "$home/deploy/yarn/upload-spark-jars.sh"
    exit 0
    ;;
esac

target="${1:?name the archive to make, for example hdfs:///spark/spark-3.5.6.zip}"
: "${SPARK_HOME:?SPARK_HOME is not set: name the directory of Spark 3.5}"
[[ -d $SPARK_HOME/jars ]] || {
  printf 'upload-spark-jars: %s/jars does not exist: check SPARK_HOME\n' "$SPARK_HOME" >&2
  exit 7
}
bin="$SPARK_HOME/bin/"
[[ -x ${bin}spark-class ]] || bin=

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
"${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --no-compress --no-manifest \
  --file "$scratch/spark.zip" -C "$SPARK_HOME/jars" .
"${bin}spark-class" org.apache.hadoop.fs.FsShell -mkdir -p "${target%/*}"
"${bin}spark-class" org.apache.hadoop.fs.FsShell -put -f "$scratch/spark.zip" "$target"
printf 'spark.yarn.archive %s\n' "$target"
