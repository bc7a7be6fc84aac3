#!/usr/bin/env bash
# test [--all] [FILTER…]: one build, then every test project after the other (end-to-end tests want the machine for
# themselves). Ends with the one line "N passed, N failed, N skipped"; fails when a test failed or none ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

results="artifacts/test-results"
filter="TestCategory!=Long"
names=""
tools=()
# A test host that says nothing for this long hangs; it is ended and named in its log.
hang=10m
# A whole run expects tests in every project; a chosen one may find them in a single project.
whole=true
# Ctrl-C ends the run, not just the project that is running.
trap 'exit 130' INT
for argument in "$@"; do
    case "$argument" in
        --all)
            filter=""
            tools=(samples conformance)
            hang=30m
            ;;
        -*)
            echo "build.sh test: there is no option '$argument'; there is --all, and parts of test names." >&2
            exit 2
            ;;
        *)
            names="${names:+$names|}FullyQualifiedName~$argument"
            whole=false
            ;;
    esac
done
if [ -n "$names" ]; then
    filter="${filter:+$filter&}($names)"
fi

build/tools.sh "${tools[@]}"
export PATH="$PWD/.tools/bin:$PATH"

echo "test: building Operator.sln"
dotnet build Operator.sln -v quiet -nologo -clp:NoSummary

rm -rf "$results"
mkdir -p "$results"
for project in tests/*.Tests/*.csproj; do
    name="$(basename "$(dirname "$project")")"
    status=0
    dotnet test "$project" --no-build --nologo -v quiet ${filter:+--filter "$filter"} \
        --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang --blame-hang-timeout "$hang" --blame-hang-dump-type none \
        -- "RunConfiguration.TreatNoTestsAsError=$whole" \
        >"$results/$name.log" 2>&1 </dev/null || status=$?
    echo "$status" >"$results/$name.exit"
    python3 build/results.py progress "$results/$name"
done
python3 build/results.py summary "$results"
