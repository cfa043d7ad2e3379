"""The limit: a bare Flask view with as many raw indexed queries and as large a template. `devtools.bench.limit:app`.

It knows no residents, rights, languages or forms: nothing that shows a page of so many queries in Flask is faster.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import psycopg
from flask import Flask, g, render_template_string, request

LINES = 40
TEMPLATE = """<!doctype html><html lang="fi"><head><title>{{ title }}</title></head><body><main>
{% for line in lines %}<p class="row{% if loop.first %} first{% endif %}"><b>{{ line.name }}</b> {{ line.value }}</p>
{% endfor %}{{ filling }}</main></body></html>"""

app = Flask(__name__)
_connections: dict[int, Any] = {}


def _connection() -> Any:
    """The connection of this process, made after the fork."""
    found = _connections.get(os.getpid())
    if found is None:
        url = os.environ["DATABASE_URL"]
        if url.startswith("sqlite"):
            found = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False)
        else:
            found = psycopg.connect(url, autocommit=True, prepare_threshold=1)
        _connections[os.getpid()] = found
    return found


@app.get("/ready")
def ready() -> str:
    """It is up."""
    return "ready"


@app.route("/limit", methods=["GET", "POST"])
def limit() -> str:
    """`queries` rows by their key, and a page of `size` bytes with a table in it."""
    queries, size = int(request.args["queries"]), int(request.args["size"])
    g.read = len(request.get_data())
    sign = "?" if os.environ["DATABASE_URL"].startswith("sqlite") else "%s"
    for number in range(queries):
        _connection().execute(
            f"SELECT id, number, state, subject, due_at FROM cases WHERE id = {sign}",  # noqa: S608
            (number + 1,),
        ).fetchone()
    lines = [{"name": f"Row {number}", "value": number * size} for number in range(LINES)]
    page = render_template_string(TEMPLATE, title="The limit", lines=lines, filling="")
    return page + "x" * max(size - len(page), 0)
