"""A skip fails the run where the corpora lie beside the clone: nothing passes unseen."""

from pathlib import Path

import pytest

_CORPORA = Path(__file__).parent.parent.parent / "shared"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips that are not allowed."""
    if _CORPORA.exists():
        for report in terminalreporter.stats.get("skipped", []):
            terminalreporter.write_line(f"not allowed to be skipped: {report.nodeid}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where something was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _CORPORA.exists() and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
