"""Reads what the test projects left behind (NAME.trx, NAME.exit, NAME.log) and says it in a few lines.

progress RESULT   one line about one project
summary FOLDER    every failed test with its message, then the one closing line; exit code 1 when a test failed or none ran
"""
import pathlib
import sys
import xml.etree.ElementTree as xml

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


class Result:
    """One test project's run."""

    def __init__(self, base):
        self.base = base
        self.name = base.name
        self.exit = int(base.with_name(base.name + ".exit").read_text())
        self.tests = []
        self.classes = {}
        trx = base.with_name(base.name + ".trx")
        if trx.exists():
            root = xml.parse(trx).getroot()
            self.tests = list(root.iter(NAMESPACE + "UnitTestResult"))
            for test in root.iter(NAMESPACE + "UnitTest"):
                self.classes[test.get("id")] = test.find(NAMESPACE + "TestMethod").get("className")
        self.failures = [test for test in self.tests if test.get("outcome") not in ("Passed", "NotExecuted", "Inconclusive")]
        # A run that ends badly without a failed test (a crash, a hang, a failed fixture) is a failure of its own.
        self.broken = self.exit != 0 and not self.failures

    @property
    def passed(self):
        return sum(test.get("outcome") == "Passed" for test in self.tests)

    @property
    def failed(self):
        return len(self.failures) + self.broken

    @property
    def skipped(self):
        return len(self.tests) - self.passed - len(self.failures)

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


def indented(text):
    return "".join(f"    {line}\n" for line in text.strip().splitlines())


def summary(folder):
    results = [Result(path.with_suffix("")) for path in sorted(folder.glob("*.exit"))]
    for result in results:
        for test in result.failures:
            print(f"\nfailed: {result.classes[test.get('testId')]}: {test.get('testName')}")
            for part in ("Message", "StackTrace", "StdOut"):
                print(indented("".join(node.text or "" for node in test.iter(NAMESPACE + part))), end="")
        if result.broken:
            log = result.base.with_name(result.name + ".log").read_text(errors="replace")
            print(f"\nfailed: {result.name} ended with exit code {result.exit} although no test failed; the end of its log:")
            print(indented("\n".join(log.splitlines()[-40:])), end="")
    passed, failed, skipped = (sum(getattr(result, key) for result in results) for key in ("passed", "failed", "skipped"))
    if passed + failed == 0:
        print("no test ran", file=sys.stderr, flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[2])
    sys.exit(summary(path) if sys.argv[1] == "summary" else progress(path))
