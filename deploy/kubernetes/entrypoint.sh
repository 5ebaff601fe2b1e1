#!/usr/bin/env bash
# Entry point of the images: what Spark asks of a container that it starts on Kubernetes.
#
#   entrypoint.sh driver ARGUMENT...   spark-submit in client mode, bound to the address of the pod
#   entrypoint.sh executor             an executor, as the SPARK_* variables of its pod describe it
#   entrypoint.sh COMMAND...           any other command, for example bash
#
# Needs SPARK_HOME. JAVA_HOME, SPARK_CONF_DIR, HADOOP_CONF_DIR and SPARK_EXTRA_CLASSPATH may be set.
set -euo pipefail

# alone in the image, without environment.sh
if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
  exit 0
fi

fail() {
  printf 'entrypoint: %s\n' "$1" >&2
  exit 7
}

# What is written is for this user and group; a stricter umask of the caller stays.
mask="${MONA_UMASK:-$(printf '%04o' "$((8#$(umask) | 8#027))")}"
[[ $mask =~ ^[0-7]{3,4}$ ]] || fail "MONA_UMASK is $mask, must be three or four digits from 0 to 7"
umask "$mask"

need() {
  local name
  for name in "$@"; do
    [[ -n ${!name:-} ]] || fail "$name is not set: only Spark starts a container as $role"
  done
}

role="${1:-}"
[[ -n $role ]] || fail "no command: give driver, executor or a command"

# Spark and Hadoop ask for the name of the user.
know_user() {
  id -un >/dev/null 2>&1 ||
    fail "the user $(id -u) has no entry in /etc/passwd: run the pod as 185 (runAsUser), or add one to the image"
}

case $role in
  driver)
    shift
    need SPARK_HOME SPARK_DRIVER_BIND_ADDRESS
    know_user
    exec "$SPARK_HOME/bin/spark-submit" \
      --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
      --deploy-mode client "$@"
    ;;
  executor)
    need SPARK_HOME SPARK_DRIVER_URL SPARK_EXECUTOR_ID SPARK_EXECUTOR_CORES \
      SPARK_EXECUTOR_MEMORY SPARK_APPLICATION_ID SPARK_EXECUTOR_POD_IP \
      SPARK_EXECUTOR_POD_NAME SPARK_RESOURCE_PROFILE_ID
    know_user
    # Options may hold blanks, so each has a variable: SPARK_JAVA_OPT_0, SPARK_JAVA_OPT_1, ...
    options=()
    for ((i = 0; ; i++)); do
      name="SPARK_JAVA_OPT_$i"
      [[ -n ${!name+set} ]] || break
      options+=("${!name}")
    done
    classpath="${SPARK_CONF_DIR:-$SPARK_HOME/conf}"
    [[ -z ${HADOOP_CONF_DIR:-} ]] || classpath+=":$HADOOP_CONF_DIR"
    classpath+=":$SPARK_HOME/jars/*"
    for more in "${SPARK_EXTRA_CLASSPATH:-}" "${SPARK_CLASSPATH:-}" "${SPARK_DIST_CLASSPATH:-}"; do
      [[ -z $more ]] || classpath+=":$more"
    done
    exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
      ${options[@]+"${options[@]}"} "-Xmx$SPARK_EXECUTOR_MEMORY" -cp "$classpath" \
      org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "$SPARK_DRIVER_URL" \
      --executor-id "$SPARK_EXECUTOR_ID" \
      --cores "$SPARK_EXECUTOR_CORES" \
      --app-id "$SPARK_APPLICATION_ID" \
      --hostname "$SPARK_EXECUTOR_POD_IP" \
      --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
      --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
  *)
    exec "$@"
    ;;
esac
