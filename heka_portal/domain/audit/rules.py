"""How a line of the audit log is sealed to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST_SEAL = "0" * 64
SEALED = ("id", "at", "action", "account_id", "person_id", "case_id", "reason", "data")


def seal_line(previous: str, line: Mapping[str, Any]) -> str:
    """The seal of a line: a hash over the seal before it and all that the line says."""
    said = {name: line[name] for name in SEALED}
    said["at"] = line["at"].isoformat(timespec="microseconds")
    said["action"] = str(line["action"])
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
