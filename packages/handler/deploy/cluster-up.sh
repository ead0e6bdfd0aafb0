#!/usr/bin/env bash
# Creates a KinD cluster and a registry, for containerd 1.7 and 2. Usage: cluster-up.sh [NAME]
#
# Older scripts patch containerd's `registry.mirrors`, which containerd 2 ignores; it reads the registry from a
# hosts.toml below /etc/containerd/certs.d. OpenFaaS's Community Edition does not accept images from this
# registry (README.md); use it with OpenFaaS Standard and for other images in the cluster.
set -euo pipefail

cluster=${1:-slbench}
registry=$cluster-registry
port=5001

for tool in docker kind kubectl; do
  if ! command -v "$tool" >/dev/null; then
    echo "cluster-up: $tool not found; install it with arkade get $tool (docker: see docs.docker.com)" >&2
    exit 1
  fi
done

if [ "$(docker inspect --format '{{.State.Running}}' "$registry" 2>/dev/null || true)" != true ]; then
  docker rm --force "$registry" >/dev/null 2>&1 || true
  docker run --detach --restart always --publish "127.0.0.1:$port:5000" --name "$registry" registry:2.8.3
fi

if ! kind get clusters | grep --quiet --line-regexp "$cluster"; then
  # The patch is for containerd 1; images of KinD 0.27 and later include it.
  kind create cluster --name "$cluster" --wait 120s --config - <<YAML
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
containerdConfigPatches:
  - |-
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
YAML
fi

# Inside a node, "localhost" is the node itself, so nodes reach the registry by its container's name.
for node in $(kind get nodes --name "$cluster"); do
  docker exec "$node" mkdir -p "/etc/containerd/certs.d/localhost:$port"
  docker exec --interactive "$node" cp /dev/stdin "/etc/containerd/certs.d/localhost:$port/hosts.toml" <<TOML
[host."http://$registry:5000"]
TOML
done

if [ "$(docker inspect --format '{{json .NetworkSettings.Networks.kind}}' "$registry")" = null ]; then
  docker network connect kind "$registry"
fi

# Announces the registry to tools in the cluster (KEP-1755).
kubectl --context "kind-$cluster" apply --filename - <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: local-registry-hosting
  namespace: kube-public
data:
  localRegistryHosting.v1: |
    host: "localhost:$port"
YAML

echo "cluster kind-$cluster is up; push to localhost:$port"
