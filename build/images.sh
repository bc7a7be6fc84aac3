#!/usr/bin/env bash
# images [TAG]: builds slipway-operator:TAG and slipway-server:TAG with docker or buildah, whichever is there;
# where both are, IMAGE_BUILDER chooses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag="${1:-dev}"
if [ $# -gt 1 ] || ! [[ "$tag" =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]; then
    echo "build.sh images: '$*' is not one tag of letters, digits, '_', '.' and '-', such as 0.1.0." >&2
    exit 2
fi

builder="${IMAGE_BUILDER:-}"
if [ -z "$builder" ] && docker info >/dev/null 2>&1; then
    builder=docker
elif [ -z "$builder" ] && command -v buildah >/dev/null; then
    builder=buildah
fi
case "$builder" in
    docker) command=(docker build) ;;
    buildah) command=(buildah bud) ;;
    "")
        echo "build.sh images: neither a running docker nor buildah is here; install one (Debian: apt-get install buildah)." >&2
        exit 1
        ;;
    *)
        echo "build.sh images: IMAGE_BUILDER is '$builder'; it must be docker or buildah." >&2
        exit 2
        ;;
esac
for image in operator server; do
    echo "images: building slipway-$image:$tag with $builder"
    "${command[@]}" -f "Dockerfile.$image" -t "slipway-$image:$tag" .
done
