"""Tests of results.py: whatever a test project leaves behind, the closing line is true."""
import contextlib
import io
import pathlib
import tempfile
import unittest

import results

PASSED, FAILED, SKIPPED = "Passed", "Failed", "NotExecuted"


def trx(*outcomes, note=""):
    tests = "".join(
        f'<UnitTestResult testId="{number}" testName="T{number}" outcome="{outcome}" duration="00:00:01.5">'
        f"<Output><ErrorInfo><Message>because {number}</Message></ErrorInfo></Output></UnitTestResult>"
        for number, outcome in enumerate(outcomes)
    )
    names = "".join(f'<UnitTest id="{number}"><TestMethod className="Some.Tests" /></UnitTest>' for number, _ in enumerate(outcomes))
    return (
        f'<TestRun xmlns="{results.NAMESPACE[1:-1]}"><Results>{tests}</Results><TestDefinitions>{names}</TestDefinitions>'
        f"<ResultSummary><RunInfos><RunInfo><Text>{note}</Text></RunInfo></RunInfos></ResultSummary></TestRun>"
    )


class ResultsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def project(self, name, exit, content):
        """What test.sh leaves of one project; without content there is no trx."""
        (self.folder / f"{name}.exit").write_text(f"{exit}\n")
        (self.folder / f"{name}.log").write_text("first line of the log\nlast line of the log\n")
        if content is not None:
            (self.folder / f"{name}.trx").write_text(content)

    def summary(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            exit = results.summary(self.folder)
        return exit, output.getvalue()

    def closes(self, exit, line):
        got, output = self.summary()
        self.assertEqual((got, output.splitlines()[-1]), (exit, line))
        return output

    def test_projects_are_summed(self):
        self.project("A.Tests", 0, trx(PASSED, PASSED))
        self.project("B.Tests", 0, trx(PASSED, SKIPPED))
        self.assertIn("skipped: Some.Tests: T1\n    because 1\n", self.closes(0, "3 passed, 0 failed, 1 skipped"))

    def test_figures_that_tests_measured_are_told(self):
        told = "<StdOut>noise\nonnx-conformance: 12 of 13\nmore: noise</StdOut>"
        self.project("A.Tests", 0, trx(PASSED).replace("<Output>", f"<Output>{told}"))
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            results.progress(self.folder / "A.Tests")
        self.assertEqual(output.getvalue().splitlines()[1:], ["test: onnx-conformance: 12 of 13"])

    def test_a_failed_test_is_named_with_its_message(self):
        self.project("A.Tests", 1, trx(PASSED, FAILED))
        self.assertIn("failed: Some.Tests: T1\n    because 1\n", self.closes(1, "1 passed, 1 failed, 0 skipped"))

    def test_a_crash_without_results_is_a_failure(self):
        self.project("A.Tests", 0, trx(PASSED))
        self.project("B.Tests", 134, None)
        self.assertIn("last line of the log", self.closes(1, "1 passed, 1 failed, 0 skipped"))

    def test_a_bad_end_after_passed_tests_is_a_failure(self):
        self.project("A.Tests", 1, trx(PASSED))
        self.closes(1, "1 passed, 1 failed, 0 skipped")

    def test_a_crash_beside_a_failed_test_counts_too(self):
        self.project("A.Tests", 1, trx(PASSED, FAILED, note="The active test run was aborted. Reason: Test host process crashed"))
        self.closes(1, "1 passed, 2 failed, 0 skipped")

    def test_half_written_results_are_a_failure(self):
        self.project("A.Tests", 1, trx(PASSED)[:-20])
        self.project("B.Tests", 0, trx(PASSED))
        self.assertIn("cannot be read", self.closes(1, "1 passed, 1 failed, 0 skipped"))

    def test_half_written_results_do_not_stop_the_run(self):
        self.project("A.Tests", 1, "")
        with contextlib.redirect_stdout(io.StringIO()) as output:
            results.progress(self.folder / "A.Tests")
        self.assertIn("0 of 0 passed, 1 failed", output.getvalue())

    def test_a_project_without_a_chosen_test_is_no_failure(self):
        self.project("A.Tests", 0, trx(PASSED))
        self.project("B.Tests", 0, None)
        self.closes(0, "1 passed, 0 failed, 0 skipped")

    def test_that_nothing_ran_is_a_failure(self):
        self.project("A.Tests", 0, None)
        self.closes(1, "0 passed, 0 failed, 0 skipped")

    def test_that_all_was_skipped_is_a_failure(self):
        self.project("A.Tests", 0, trx(SKIPPED))
        self.closes(1, "0 passed, 0 failed, 1 skipped")


if __name__ == "__main__":
    unittest.main(verbosity=0)
