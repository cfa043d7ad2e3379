"""The processor's time and the memory of processes, as Linux counts them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
#: places of user and system time in /proc/PID/stat, counted after the name in parentheses
USER, SYSTEM = 11, 12


def seconds_of(pids: Iterable[int]) -> float:
    """The seconds of processor time that processes have had; one that has ended counts nothing."""
    return sum(map(_seconds, pids))


def _seconds(pid: int) -> float:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[USER]) + int(fields[SYSTEM])) / TICKS


def children_of(pid: int) -> list[int]:
    """The processes that a process has begun."""
    return [int(word) for word in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def megabytes_of(pid: int) -> float:
    """The memory of a process in MB, what it shares counted by its share (PSS)."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@dataclass
class Backends:
    """The server processes of a PostgreSQL database on this machine; of SQLite there are none."""

    database_url: str

    def pids(self) -> list[int]:
        """Those that serve this database now, ours that asks left out."""
        if not self.database_url.startswith("postgresql"):
            return []
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(self.database_url) as connection:
            return [row[0] for row in connection.execute(asked)]

    def are_busy(self) -> bool:
        """Whether one of them is in a transaction."""
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state <> 'idle'"
        )
        with psycopg.connect(self.database_url) as connection:
            return bool(connection.execute(asked).fetchone() != (0,))
