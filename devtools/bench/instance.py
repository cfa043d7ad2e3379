"""The bench's own instance folder, databases and settings: nothing of it is secret, and nothing of it is real."""

from __future__ import annotations

import base64
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
INSTANCE = ROOT / "instance" / "bench"
BIN = Path(sys.executable).parent
#: the register is the same at every size: only the history grows
APARTMENTS = 55_000
POSTGRESQL, SQLITE = "postgresql", "sqlite"


@dataclass(frozen=True)
class Instance:
    """A portal with so many cases on one kind of database."""

    kind: str
    cases: int
    #: the server's address without a database's name
    server: str = "postgresql://"

    @property
    def name(self) -> str:
        """The database's name."""
        return f"heka_bench_{self.cases}"

    @property
    def database_url(self) -> str:
        """Where its data lie."""
        if self.kind == SQLITE:
            return f"sqlite:///{INSTANCE}/{self.name}.sqlite"
        return f"{self.server}/{self.name}"

    def environment(self) -> dict[str, str]:
        """The settings: development's, with keys that everybody may know."""
        key = base64.urlsafe_b64encode(bytes(32)).decode()
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "PGHOST", "PGUSER") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "HEKA_ENVIRONMENT": "development",
            "HEKA_INSTANCE_PATH": str(INSTANCE),
            "DATABASE_URL": self.database_url,
            "HEKA_SECRET_KEY": "bench-" * 7,
            "HEKA_DATA_KEYS": f"dev1:{key}",
            "HEKA_LOOKUP_KEY": key,
            "HEKA_TEST_IDENTITY_CODES": "1",
            "HEKA_STAFF_SECOND_FACTOR": "0",
        }

    def fill(self) -> None:
        """Make the database and fill it, once: it is kept for the next time. Raises CalledProcessError."""
        INSTANCE.mkdir(parents=True, exist_ok=True)
        if self.kind == POSTGRESQL:
            self._create()
        self._flask("db", "upgrade")
        size = ("--apartments", str(APARTMENTS), "--cases", str(self.cases), "--months", "1")
        self._flask("demo", "load", *size, "--if-empty")

    def _create(self) -> None:
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"  # noqa: S608 - a number of ours in it
        known = subprocess.run(
            ["psql", "-qAtc", asked, f"{self.server}/postgres"], check=True, capture_output=True, text=True
        )
        if not known.stdout.strip():
            subprocess.run(["psql", "-qc", f"CREATE DATABASE {self.name}", f"{self.server}/postgres"], check=True)

    def _flask(self, *words: str) -> None:
        subprocess.run([BIN / "flask", "--app", "wsgi", *words], check=True, cwd=ROOT, env=self.environment())


def portal_of(environment: Mapping[str, str]) -> Flask:
    """The portal of these settings in this process, made by its own entry."""
    os.environ.update(environment)
    app: Flask = runpy.run_path(str(ROOT / "wsgi.py"))["app"]
    return app
