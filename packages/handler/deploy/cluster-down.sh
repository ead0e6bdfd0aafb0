#!/usr/bin/env bash
# Removes what cluster-up.sh made, images in the registry included. Usage: cluster-down.sh [NAME]
set -euo pipefail
cluster=${1:-slbench}
kind delete cluster --name "$cluster"
docker rm --force --volumes "$cluster-registry" 2>/dev/null || true
