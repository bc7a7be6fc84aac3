"""Reads what the test projects left behind (NAME.trx, NAME.exit, NAME.log) and says it in a few lines.

progress RESULT   one line about one project
summary FOLDER    every failed test with its message, every skipped one with its reason, then the one closing line;
                  exit code 1 when a test failed or none ran
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

FIGURE = re.compile(r"[a-z][a-z0-9-]*: [0-9]+ of [0-9]+")
NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
SKIPPED = ("NotExecuted", "Inconclusive")


class Result:
    """One test project's run."""

    def __init__(self, base):
        self.base = base
        self.name = base.name
        self.exit = int(base.with_name(base.name + ".exit").read_text())
        self.tests = []
        self.classes = {}
        self.trouble = self.read(base.with_name(base.name + ".trx"))
        self.failures = [test for test in self.tests if test.get("outcome") not in ("Passed", *SKIPPED)]
        if self.exit != 0 and not self.failures and not self.trouble:
            self.trouble = "no test failed"
        # A run that ends badly by itself (a crash, a hang, no result) is a failure beside those of its tests.
        self.broken = self.trouble is not None

    def read(self, trx):
        """Takes in the results; gives what is wrong with the run as a whole, or None."""
        if not trx.exists():
            # Without a chosen test a project writes no results and ends well.
            return "it wrote no results" if self.exit != 0 else None
        try:
            root = xml.parse(trx).getroot()
        except xml.ParseError as error:
            return f"its results cannot be read ({error})"
        self.tests = list(root.iter(NAMESPACE + "UnitTestResult"))
        for test in root.iter(NAMESPACE + "UnitTest"):
            self.classes[test.get("id")] = test.find(NAMESPACE + "TestMethod").get("className")
        notes = " ".join("".join(info.itertext()) for info in root.iter(NAMESPACE + "RunInfo"))
        return "its run was aborted" if "test run was aborted" in notes.lower() else None

    def called(self, test):
        return f"{self.classes.get(test.get('testId'), self.name)}: {test.get('testName')}"

    @property
    def passed(self):
        return sum(test.get("outcome") == "Passed" for test in self.tests)

    @property
    def failed(self):
        return len(self.failures) + self.broken

    @property
    def skips(self):
        return [test for test in self.tests if test.get("outcome") in SKIPPED]

    @property
    def skipped(self):
        return len(self.skips)

    @property
    def figures(self):
        """Lines such as "onnx-conformance: 12 of 12" that tests print about what they measured."""
        outputs = (test.findtext(f"{NAMESPACE}Output/{NAMESPACE}StdOut") or "" for test in self.tests)
        return [line for output in outputs for line in output.splitlines() if FIGURE.fullmatch(line)]

    @property
    def seconds(self):
        return sum(seconds(test.get("duration", "0:0:0")) for test in self.tests)


def seconds(duration):
    hours, minutes, rest = duration.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def progress(base):
    result = Result(base)
    note = f", {result.failed} failed" if result.failed else ""
    note += f", {result.skipped} skipped" if result.skipped else ""
    print(f"test: {result.name:<20} {result.passed} of {len(result.tests)} passed{note} ({result.seconds:.0f} s of tests)", flush=True)
    for figure in result.figures:
        print(f"test: {figure}", flush=True)


def text(test, part):
    return "".join(node.text or "" for node in test.iter(NAMESPACE + part))


def indented(lines):
    return "".join(f"    {line}\n" for line in lines.strip().splitlines())


def summary(folder):
    results = [Result(path.with_suffix("")) for path in sorted(folder.glob("*.exit"))]
    for result in results:
        for test in result.skips:
            print(f"\nskipped: {result.called(test)}")
            print(indented(text(test, "Message") or text(test, "StdOut")), end="")
    for result in results:
        for test in result.failures:
            print(f"\nfailed: {result.called(test)}")
            for part in ("Message", "StackTrace", "StdOut"):
                print(indented(text(test, part)), end="")
        if result.broken:
            log = result.base.with_name(result.name + ".log").read_text(errors="replace")
            print(f"\nfailed: {result.name} ended with exit code {result.exit}, and {result.trouble}; the end of its log:")
            print(indented("\n".join(log.splitlines()[-40:])), end="")
    passed, failed, skipped = (sum(getattr(result, key) for result in results) for key in ("passed", "failed", "skipped"))
    if passed + failed == 0:
        print("no test ran", file=sys.stderr, flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[2])
    sys.exit(summary(path) if sys.argv[1] == "summary" else progress(path))
