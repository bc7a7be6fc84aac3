#!/usr/bin/env bash
# test [--all] [FILTER…]: one build, then every test project, as many at a time as there are cores; the end-to-end tests, and
# all of them with --all, want the machine for themselves. Ends with the one line "N passed, N failed, N skipped"; fails when
# a test failed or none ran.
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
at_a_time="$(nproc)"
for argument in "$@"; do
    case "$argument" in
        --all)
            filter=""
            tools=(samples conformance browser)
            hang=30m
            at_a_time=1
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

# run PROJECT: what became of it is for the summary to judge.
run() {
    local project="$1" name status=0
    name="$(basename "$(dirname "$project")")"
    dotnet test "$project" --no-build --nologo -v quiet ${filter:+--filter "$filter"} \
        --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --blame-hang --blame-hang-timeout "$hang" --blame-hang-dump-type none \
        -- "RunConfiguration.TreatNoTestsAsError=$whole" \
        >"$results/$name.log" 2>&1 </dev/null || status=$?
    echo "$status" >"$results/$name.exit"
    python3 build/results.py progress "$results/$name"
}

# Each project is a process group of its own, so that Ctrl-C ends all that run.
set -m
trap 'for job in $(jobs -p); do kill -- "-$job" 2>/dev/null || true; done; exit 130' INT TERM

alone=tests/EndToEnd.Tests/Slipway.EndToEnd.Tests.csproj
for project in tests/*.Tests/*.csproj; do
    [ "$project" != "$alone" ] || continue
    while [ "$(jobs -rp | wc -l)" -ge "$at_a_time" ]; do
        wait -n || true
    done
    run "$project" &
done
wait
run "$alone" &
wait
python3 build/results.py summary "$results"
