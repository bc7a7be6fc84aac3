#!/usr/bin/env bash
# images [TAG]: builds slipway-operator:TAG and slipway-server:TAG with docker or buildah, whichever is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag="${1:-dev}"
if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    builder=(docker build)
elif command -v buildah >/dev/null; then
    builder=(buildah bud)
else
    echo "build.sh images: neither a running docker nor buildah is here; install one (Debian: apt-get install buildah)." >&2
    exit 1
fi
for image in operator server; do
    echo "images: building slipway-$image:$tag with ${builder[0]}"
    "${builder[@]}" -f "Dockerfile.$image" -t "slipway-$image:$tag" .
done
