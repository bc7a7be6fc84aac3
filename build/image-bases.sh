#!/usr/bin/env bash
# image-bases [--install]: gives buildah the base images that the Dockerfiles name. They are pulled; where that fails,
# stand-ins take their names: Debian with this machine's .NET, marked by a label that what is built on them inherits.
# They serve to try the Dockerfiles out, and nothing else: CONTAINERS_STORAGE_CONF must name a storage of its own.
# --install lets apt install buildah and mmdebstrap when they are missing. Needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "build/image-bases.sh: $*" >&2
    exit 1
}
. build/debian.sh

install=""
case "$*" in
    "") ;;
    --install) install=yes ;;
    *) fail "there are no arguments '$*'; there is --install." ;;
esac
[ "$(id -u)" = 0 ] || fail "this needs root, to unpack a system as its owner."
[ -n "${CONTAINERS_STORAGE_CONF:-}" ] || fail "set CONTAINERS_STORAGE_CONF to a storage.conf of its own, so that stand-ins never lie among your images."

# need PROGRAM: there it is, or --install allows to bring it.
need() {
    if command -v "$1" >/dev/null; then
        return
    fi
    [ -n "$install" ] || fail "'$1' is missing: apt-get install --no-install-recommends $1."
    echo "image-bases: installing $1"
    apt-get update --quiet=2 || fail "apt-get update failed, and $1 is missing."
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "$1" >/dev/null ||
        fail "apt-get could not install $1; install it by hand."
}

# base NAME: the one image that ARG NAME gives in every Dockerfile.
base() {
    local images
    images="$(sed -n "s/^ARG $1=//p" Dockerfile.* | sort -u)"
    [ "$(wc -w <<<"$images")" = 1 ] || fail "the Dockerfiles do not name one $1: $images"
    echo "$images"
}

# stand_in IMAGE VARIANT PACKAGES FILL ENV…: a system of Debian packages, filled further by the function FILL.
stand_in() {
    local image="$1" variant="$2" packages="$3" fill="$4" container root
    shift 4
    echo "image-bases: making a stand-in for $image"
    container="$(buildah from scratch)"
    root="$(buildah mount "$container")"
    mmdebstrap --quiet --mode=root --variant="$variant" --include="$packages" --keyring="$KEYRING" "$SUITE" "$root" \
        "deb $MIRROR $SUITE main" || fail "mmdebstrap could not unpack Debian $SUITE from $MIRROR."
    "$fill" "$root"
    buildah config --label "dev.slipway.stand-in=$image" "${@/#/--env=}" "$container"
    buildah commit --quiet --rm "$container" "$image" >/dev/null
}

fill_sdk() {
    # A mirror or a proxy of this machine may be trusted by this machine alone.
    cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
    mkdir -p "$1/usr/share/dotnet"
    cp -a "$dotnet/." "$1/usr/share/dotnet/"
    ln -s ../share/dotnet/dotnet "$1/usr/bin/dotnet"
}

# As the chiselled images: libraries, nothing to run besides.
fill_deps() {
    rm -rf "${1:?}"/usr/bin/* "${1:?}"/usr/sbin/* "${1:?}"/dev/* "$1"/usr/share/doc "$1"/var/lib/dpkg
    ln -s usr/lib "$1/lib"
    ln -s usr/lib64 "$1/lib64"
}

fill_runtime() {
    fill_deps "$1"
    mkdir -p "$1/usr/share/dotnet"
    cp -a "$dotnet/dotnet" "$dotnet/host" "$dotnet/shared" "$1/usr/share/dotnet/"
    ln -s ../share/dotnet/dotnet "$1/usr/bin/dotnet"
}

need buildah
sdk="$(base SDK_IMAGE)"
runtime="$(base RUNTIME_IMAGE)"
deps="$(base RUNTIME_DEPS_IMAGE)"
# All or none: a locale that one C library compiled is not for another to read.
pulled=yes
for image in "$sdk" "$runtime" "$deps"; do
    timeout 300 buildah pull --quiet "$image" >/dev/null 2>&1 || pulled=""
    [ -n "$pulled" ] || break
done
if [ -n "$pulled" ]; then
    echo "image-bases: pulled $sdk, $runtime and $deps"
    exit
fi
echo "image-bases: $sdk, $runtime and $deps cannot be pulled here"
need mmdebstrap
require_debian
command -v dotnet >/dev/null || fail "'dotnet' is missing: the stand-ins hold this machine's .NET SDK."
dotnet="$(dirname "$(readlink -f "$(command -v dotnet)")")"
path="PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
libraries="libc6,libgcc-s1,libstdc++6,libssl3t64,zlib1g,tzdata,ca-certificates"
stand_in "$sdk" minbase "$libraries" fill_sdk "$path" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
stand_in "$runtime" extract "$libraries" fill_runtime "$path" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 ASPNETCORE_HTTP_PORTS=8080
stand_in "$deps" extract "$libraries" fill_deps "$path" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
