"""Did anything skip where everything can run? Loaded by CI with `-p tools.noskip`.

Where the corpora lie beside the clone, a skip fails the run: nothing passes unseen. That holds for a module
skipped while it is collected, too, of which pytest-xdist tells nobody but the worker.
"""

from pathlib import Path

import pytest

_CORPORA = Path(__file__).resolve().parents[2] / "shared"
_skipped: set[str] = set()


def _note(report: pytest.CollectReport | pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.add(f"{report.nodeid}: {reason}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note a module or class that skips."""
    _note(report)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test that skips."""
    _note(report)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over what a worker of pytest-xdist noted."""
    _skipped.update(getattr(node, "workeroutput", {}).get("skipped", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over in a worker; in the main process fail the run."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["skipped"] = sorted(_skipped)
    elif _CORPORA.exists() and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips."""
    if _CORPORA.exists() and _skipped:
        terminalreporter.section("skips, which fail this run")
        for line in sorted(_skipped):
            terminalreporter.write_line(line)
