#!/usr/bin/env bash
# A real Kubernetes API server for RealApiServerIT, and etcd beneath it, of the versions in go.mod beside this
# script. Without scheduler, controllers and kubelet.
#
#   api-server.sh build             builds both into the cache, unless they are there: takes Go, a Go module proxy
#                                   and some minutes
#   api-server.sh check             says whether they are there, and fails if not
#   api-server.sh run FOLDER PORT   runs both with their files in FOLDER until it is stopped; the API is at
#                                   https://127.0.0.1:PORT
#
# The cache is MONA_KUBERNETES (default: kubernetes-VERSION-etcd-VERSION in ~/.cache/mona). `run` leaves in FOLDER
# administrator.token, of the group system:masters, kubelet.token, of the user kubelet, who may do nothing yet,
# certificates/apiserver.crt, by which the server is known, and both logs. Authorisation is RBAC, and the admission
# plug-ins are those that Kubernetes has on by itself, among them PodSecurity, ServiceAccount and ResourceQuota.
set -euo pipefail

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=deploy/environment.sh
source "$here/../../../environment.sh"

usage() {
  printf 'api-server: %s: see --help\n' "$1" >&2
  exit 2
}

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  print_head "$here/api-server.sh"
  exit 0
fi

# The version of a module.
version() {
  sed -n "s|^\s$1 v\([0-9.]*\) .*|\1|p" "$here/go.mod"
}

kubernetes=$(version k8s.io/kubernetes)
etcd=$(version go.etcd.io/etcd/server/v3)
cache=${MONA_KUBERNETES:-${XDG_CACHE_HOME:-$HOME/.cache}/mona/kubernetes-$kubernetes-etcd-$etcd}

is_built() {
  [[ -x $cache/kube-apiserver && -x $cache/etcd ]]
}

build() {
  local go
  is_built && return
  go=$(PATH=$PATH:/usr/local/go/bin command -v go) || {
    printf 'api-server: there is no command go: install it from https://go.dev\n' >&2
    exit 7
  }
  mkdir -p -- "$cache"
  cd -- "$here"
  export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly
  "$go" build -trimpath -ldflags '-s -w' -o "$cache/etcd.part" go.etcd.io/etcd/server/v3
  "$go" build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$kubernetes" \
    -o "$cache/kube-apiserver.part" k8s.io/kubernetes/cmd/kube-apiserver
  mv -- "$cache/etcd.part" "$cache/etcd"
  mv -- "$cache/kube-apiserver.part" "$cache/kube-apiserver"
}

run() {
  local folder=$1 port=$2
  # both end with this process, at once, since nobody needs what they hold
  trap 'kill -KILL $(jobs -p) 2>/dev/null; wait' EXIT
  trap 'exit 0' TERM INT
  umask 077
  mkdir -p -- "$folder"
  # etcd's socket is a file in here, since nobody else needs it; the addresses that etcd tells clients and peers,
  # of which it has none, do not matter
  cd -- "$folder"
  local name
  for name in administrator kubelet; do
    openssl rand -hex 20 >"$name.token"
  done
  printf '%s,administrator,1,system:masters\n%s,kubelet,2\n' \
    "$(<administrator.token)" "$(<kubelet.token)" >tokens.csv
  openssl genrsa -out accounts.key 2048 2>/dev/null

  "$cache/etcd" --data-dir store --unsafe-no-fsync --listen-client-urls unix://etcd.sock \
    --advertise-client-urls http://127.0.0.1:1 --listen-peer-urls http://127.0.0.1:0 >etcd.log 2>&1 &
  "$cache/kube-apiserver" --etcd-servers unix://etcd.sock --bind-address 127.0.0.1 --secure-port "$port" \
    --advertise-address 127.0.0.1 --endpoint-reconciler-type none --cert-dir certificates \
    --authorization-mode RBAC --anonymous-auth=false --token-auth-file tokens.csv \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file accounts.key \
    --service-account-signing-key-file accounts.key --service-cluster-ip-range 10.96.0.0/24 \
    >kube-apiserver.log 2>&1 &
  wait -n || true
  printf 'api-server: one of the two ended: see %s/*.log\n' "$folder" >&2
  tail -n 5 -- ./*.log >&2
  exit 1
}

case ${1:-} in
  build)
    [[ $# == 1 ]] || usage "build takes no argument"
    build
    printf '%s\n' "$cache"
    ;;
  check)
    is_built || {
      printf 'no API server is in %s: deploy/src/test/kubernetes/api-server.sh build makes one with Go\n' "$cache"
      exit 1
    }
    printf 'Kubernetes %s and etcd %s are in %s\n' "$kubernetes" "$etcd" "$cache"
    ;;
  run)
    [[ $# == 3 && $3 =~ ^[0-9]+$ ]] || usage "run takes a folder and a port"
    is_built || usage "nothing is built in $cache"
    run "$2" "$3"
    ;;
  *) usage "build, check or run it" ;;
esac
