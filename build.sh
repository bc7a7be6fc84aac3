#!/usr/bin/env bash
# The one door: every task of this repository is a word here; the longer ones live in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

help() {
    cat <<'HELP'
usage: ./build.sh WORD [ARGUMENTS]

  quickstart [--once]      build, start a local cluster, serve samples/fraud-detection and predict;
                           stays up until Ctrl-C, or with --once tears down after the first prediction
  test [--all] [FILTER…]   build once and run every test project; FILTER is a part of a test's full name
                           (several: any of them); --all adds the long tests
  verify                   locked restore, no warnings, formatting, generated files in sync, scripts and links in order
  generate [DIRECTORY]     write the files that are generated from code (default: into this tree)
  bench [NAME]             run the benchmarks in Release: parse, format, count, drift, telemetry, infer or grpc (default: all of these), or
                           server [--quick] [FIGURE…], which publishes the servers and prints one JSON line a figure;
                           FIGURE is a part of a figure's name, --quick takes fewer rounds; or operator [--quick] [windows],
                           which has the operator bring about 1,000 and 5,000 models (--quick: 100 and 500) and ask the
                           pods of 1,000 (100) for their windows; with windows only that
  images [TAG]             build the two container images with docker or buildah (default tag: dev)
  tools [samples] [conformance] [browser]
                           install what tests need into .tools/; with samples also python for training, with
                           conformance also the operator tests of ONNX, with browser also Chromium
HELP
}

word="${1:-help}"
[ $# -eq 0 ] || shift
case "$word" in
    help | -h | --help)
        help
        ;;
    tools | test | verify | images | quickstart | bench)
        exec "build/$word.sh" "$@"
        ;;
    generate)
        if [ $# -gt 1 ] || [[ "${1:-.}" = -* ]]; then
            echo "build.sh generate: '$*' is not one directory." >&2
            exit 2
        fi
        exec dotnet run --project operator/Operator -- generate --output "${1:-.}"
        ;;
    *)
        echo "build.sh: there is no word '$word'." >&2
        help >&2
        exit 2
        ;;
esac
