#!/usr/bin/env bash
# bench WORD [ARGUMENTS]: publishes what is measured as images hold it, then runs tests/Benchmarks in Release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

publish() {
    local project="$1" folder="$2"
    shift 2
    dotnet publish "$project" -c Release -v quiet -nologo -clp:ErrorsOnly --runtime linux-x64 --no-self-contained \
        -p:PublishReadyToRun=true --output "artifacts/bench/$folder" "$@"
}

if [ "${1:-}" = server ]; then
    command -v wrk >/dev/null || {
        echo "build.sh bench: wrk is missing; install it (Debian: apt-get install wrk)." >&2
        exit 1
    }
    echo "bench: publishing the servers" >&2
    publish model-server server
    publish model-server server-reader -p:NumberParsing=Reader -p:ArtifactsPath="$PWD/artifacts/bench/obj-reader"
    publish tests/BareServer bare
fi
exec dotnet run --project tests/Benchmarks -c Release -v quiet -- "$@"
