#!/usr/bin/env bash
# verify: everything that a reviewer should not have to look for. Each check runs, then the failed ones are named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ $# -gt 0 ]; then
    echo "build.sh verify: there are no arguments '$*'; it takes none." >&2
    exit 2
fi

failed=()

# check WHAT FIX COMMAND…: runs COMMAND; when it fails, FIX says what to do.
check() {
    local what="$1" fix="$2"
    shift 2
    echo "verify: $what"
    if ! "$@"; then
        failed+=("$what: $fix")
    fi
}

# Succeeds when the pattern is in no text file of the tree.
absent() {
    ! git grep --untracked -nIE "$1" -- . ':!tests/**/cases/**' ':!*.csv'
}

scripts_parse() {
    local script status=0
    while read -r script; do
        bash -n "$script" || status=1
    done < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run)
    while read -r script; do
        python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$script" || status=1
    done < <(git ls-files --cached --others --exclude-standard -- '*.py')
    return "$status"
}

# Generates into a folder of its own and compares: the tree is left as it is.
generated_in_sync() {
    local copy file status=0
    copy="$(mktemp -d)"
    ./build.sh generate "$copy" >/dev/null || status=1
    while read -r file; do
        diff -u "$file" "$copy/$file" || status=1
    done < <(cd "$copy" && find . -type f)
    rm -r "$copy"
    return "$status"
}

check "lock files match the project files" "run: dotnet restore --force-evaluate" \
    dotnet restore Operator.sln --locked-mode -v quiet
check "the build has no warnings" "mend what the compiler says above" \
    dotnet build Operator.sln --no-restore -v quiet -nologo -clp:NoSummary -warnaserror
check "code is formatted" "run: dotnet format Operator.sln" \
    dotnet format Operator.sln --no-restore --verify-no-changes
check "generated files are in sync" "run: ./build.sh generate" generated_in_sync
check "scripts parse" "mend the lines above" scripts_parse
check "test results are summed as they should be" "mend build/results.py" python3 build/results_test.py
check "links in documents lead to files" "mend the links above" python3 build/links.py
check "no path of somebody's machine" "name the places above from the repository's root" \
    absent '(^|[^A-Za-z0-9_.-])/(home|Users|root|work)/'
check "lines end with LF" "run: sed -i 's/\\r\$//' on the files above" absent $'\r$'
check "no line ends with blanks" "run: sed -i 's/[[:blank:]]*\$//' on the files above" absent '[[:blank:]]+$'

if [ ${#failed[@]} -gt 0 ]; then
    echo
    printf 'verify: failed: %s\n' "${failed[@]}"
    exit 1
fi
echo "verify: all is well"
