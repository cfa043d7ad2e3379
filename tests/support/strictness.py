"""In continuous integration (`CI=true`) a skipped test is a failed run: what is not run there is run nowhere."""

from __future__ import annotations

import pytest

from devtools.machine import is_strict


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if is_strict() and exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if is_strict() and _skipped(config):
        terminalreporter.write_line("A skipped test fails here: install what it misses.", red=True)


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0
