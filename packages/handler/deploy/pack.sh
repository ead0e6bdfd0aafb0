#!/usr/bin/env bash
# Packs @slbench/handler into both function folders. Run it after each change to the sources.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../../.."

rm -rf packages/handler/dist # removes output of files renamed since
npx tsc -b packages/handler
tarball=$(npm pack --silent --workspace packages/handler --pack-destination "$here")
for folder in function node22; do
  cp "$here/$tarball" "$here/$folder/slbench-handler.tgz"
done
rm "$here/$tarball"
echo "packed $tarball into function/ and node22/"
