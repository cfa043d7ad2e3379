"""Prepares the database in one process: `python -m devtools.runner.preparation [--demo]`.

The portal's own commands, one after the other: each would take seconds to start by itself. What they say goes to
standard error; standard output holds the demo people alone, to be shown when everything is up.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import click
from flask.cli import ScriptInfo

from wsgi import app


def main(arguments: list[str]) -> int:
    """Bring the database to this version, and demo data into one that is empty; answers the exit code."""
    try:
        with redirect_stdout(sys.stderr):
            command("db", "upgrade")
            if "--demo" in arguments:
                command("demo", "load", "--if-empty")
        if "--demo" in arguments:
            command("demo", "accounts")
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    return 0


def command(*words: str) -> None:
    """Run `flask WORDS` here. Raises ClickException, SystemExit."""
    app.cli.main(list(words), prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
