#!/bin/sh
# Builds tfjs-node's addon against libtensorflow from a PyPI wheel (docs/decisions/native-tensorflow.md).
# Usage: build-tensorflow.sh ARCH. Does nothing unless ARCH is amd64.
set -eu

arch=$1
if [ "$arch" != amd64 ]; then
  echo "no libtensorflow for $arch: the function has no backend native" >&2
  exit 0
fi

package=node_modules/@tensorflow/tfjs-node
headers=$(node -p 'require("node-api-headers").include_dir')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes \
  --python-version 3.11 --platform manylinux2014_x86_64 --dest "$work" -r requirements.txt
unzip -q "$work"/tensorflow_cpu-*.whl 'tensorflow/include/*' 'tensorflow/libtensorflow_*' -d "$work"

mkdir -p "$package/deps/lib" "$package/lib/napi-v8"
for part in cc framework; do
  mv "$work/tensorflow/libtensorflow_$part.so.2" "$package/deps/lib/"
done
ln -sf libtensorflow_cc.so.2 "$package/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$package/deps/lib/libtensorflow_framework.so"

# $ORIGIN is expanded by the loader, not by this shell.
# shellcheck disable=SC2016
g++ -O2 -std=c++17 -shared -fPIC -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION \
  "-I$package" "-I$work/tensorflow/include" "-I$headers" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  "-L$package/deps/lib" -ltensorflow -ltensorflow_framework '-Wl,-rpath,$ORIGIN/../../deps/lib' \
  -o "$package/lib/napi-v8/tfjs_binding.node"

TF_CPP_MIN_LOG_LEVEL=2 node -e "require('./$package/lib/napi-v8/tfjs_binding.node')"
