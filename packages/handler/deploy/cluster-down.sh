#!/usr/bin/env bash
# Removes the cluster and registry of cluster-up.sh, including all pushed images. Usage: cluster-down.sh [NAME]
set -euo pipefail
cluster=${1:-slbench}
kind delete cluster --name "$cluster"
docker rm --force --volumes "$cluster-registry" 2>/dev/null || true
