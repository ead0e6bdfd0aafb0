#!/usr/bin/env bash
# Fills context/ with what the images need besides Debian packages: slbench as npm would publish it, JMeter, its
# launcher, and the client of each platform. Usage: pack.sh [PLATFORM…]   (default: linux-x64 linux-arm64)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
context=$here/context
platforms=("$@")
[ $# -gt 0 ] || platforms=(linux-x64 linux-arm64)

rm -rf "$context"
mkdir -p "$context/packages" "$context/worker" "$context/cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root"
npm run --silent pack -- --pack-destination "$context/packages" >/dev/null

# The client's build number depends on the files that compile it, so the packed slbench compiles it, not the clone's.
npm install --prefix "$work/app" --silent --no-audit --no-fund "$context/packages"/*.tgz
for platform in "${platforms[@]}"; do
  case $platform in
    linux-x64) arch=amd64 ;;
    linux-arm64) arch=arm64 ;;
    *) echo "pack.sh: no image for $platform; give linux-x64 or linux-arm64" >&2; exit 2 ;;
  esac
  rm -rf "$work/bundle"
  mkdir "$work/bundle"
  "$work/app/node_modules/.bin/slbench" bundle "$here/controller/parts.yaml" --platform "$platform" --out "$work/parts.tgz" >/dev/null 2>"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
  tar -C "$work/bundle" --strip-components=1 -xzf "$work/parts.tgz"
  cd "$work/bundle"
  build=$(node -p 'JSON.parse(require("fs").readFileSync("bundle.json")).build')
  version=$(node -p 'JSON.parse(require("fs").readFileSync("bundle.json")).jmeter')
  mkdir -p "$context/platform/$arch/client" "$context/clients/$arch/$build/$platform"
  cp bundle.json "$context/platform/$arch/"
  cp client/slbench-client "$context/platform/$arch/client/"
  cp client/slbench-client "$context/clients/$arch/$build/$platform/"
  if [ ! -e "$context/worker/jmeter" ]; then
    cp -r jmeter tls "$context/worker/"
    cp -r jmeter "$context/cache/jmeter-$version"
  fi
  cd "$root"
done

cat <<TEXT
packed ${platforms[*]} into $context; now, in $here:
  docker build --target worker --tag slbench-worker:0.1.0 .
  docker build --target controller --tag slbench-controller:0.1.0 .
for several platforms, with a registry of yours:
  docker buildx build --platform linux/amd64,linux/arm64 --target worker --tag REGISTRY/slbench-worker:0.1.0 --push .
TEXT
