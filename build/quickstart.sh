#!/usr/bin/env bash
# quickstart [--once]: from a fresh clone to a prediction, with nothing but the .NET SDK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "$*" in
    "" | --once) ;;
    *)
        echo "build.sh quickstart: there are no options '$*'; there is --once." >&2
        exit 2
        ;;
esac

for project in model-server dev-cluster; do
    echo "quickstart: building $project (the first time restores packages, which takes a minute or two)"
    dotnet build "$project" -c Release -v quiet -nologo "-clp:ErrorsOnly;NoSummary"
done
exec artifacts/bin/Slipway.DevCluster/release/slipway-dev up \
    -f samples/fraud-detection/ --mount "$PWD/samples/fraud-detection/models=/models" "$@"
