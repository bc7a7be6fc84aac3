#!/usr/bin/env bash
# bench WORD [ARGUMENTS]: publishes what is measured as images hold it, then runs tests/Benchmarks in Release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

need() {
    command -v "$1" >/dev/null || {
        echo "build.sh bench: $1 is missing; install it (Debian: apt-get install $2)." >&2
        exit 1
    }
}

# publish PROJECT FOLDER PROFILE: as the image holds it whose profile lies in that folder.
publish() {
    local project="$1" folder="$2" profile="$3"
    shift 3
    dotnet publish "$project" -c Release -v quiet -nologo -clp:ErrorsOnly --runtime linux-x64 \
        -p:PublishProfileFullPath="$PWD/$profile/Image.pubxml" --output "artifacts/bench/$folder" "$@"
}

# A build with other settings has its own intermediate files, so that one does not undo the other. Nothing but its start depends on how
# it was published.
publish_apart() {
    local folder="$1"
    shift
    dotnet publish model-server -c Release -v quiet -nologo -clp:ErrorsOnly --runtime linux-x64 --no-self-contained \
        -p:ArtifactsPath="$PWD/artifacts/bench/obj-$folder" --output "artifacts/bench/$folder" "$@"
}

if [ "${1:-}" = server ]; then
    need wrk wrk
    need h2load nghttp2-client
    # The light models of ONNX come with its operator tests.
    [ -d .tools/onnx-tests/usr/share/libonnx-testdata/data/light ] || build/tools.sh conformance >&2
    echo "bench: publishing the servers" >&2
    publish model-server server model-server
    publish_apart server-reader -p:NumberParsing=Reader
    publish_apart server-jit
    publish tests/BareServer bare model-server
    # Thousands of connections at a time.
    ulimit -n "$(ulimit -Hn)"
fi
if [ "${1:-}" = operator ]; then
    echo "bench: publishing the operator" >&2
    publish operator/Operator operator operator/Operator
fi
exec dotnet run --project tests/Benchmarks -c Release -v quiet -- "$@"
