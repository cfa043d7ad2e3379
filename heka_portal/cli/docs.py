"""`flask docs`: the pages of docs/ that are made from the code, so that they cannot say anything else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from heka_portal.config import PREFIX, Settings
from heka_portal.domain.access import GRANTS, Permission, Role
from heka_portal.domain.cases.workflow import Move, Needs, Workflow
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.domain.cases.workflows.enquiries import ENQUIRIES
from heka_portal.web.access import STATIC, rule_of
from heka_portal.web.labels import label, role_label
from heka_portal.web.looks import LOOKS, move_label

#: a move from more states than this is drawn from "being handled"
MOST_ARROWS = 2
HANDLED = "handled"
NOTE = "<!-- Made by `make docs`; change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Every generated page by its path in docs/, in English."""
    with force_locale("en"):
        return {
            "access.md": "\n".join(_access()) + "\n",
            "workflows/defects.md": "\n".join(_workflow("Defect notification", DEFECTS)) + "\n",
            "workflows/enquiries.md": "\n".join(_workflow("Message", ENQUIRIES)) + "\n",
            "settings.md": "\n".join(_settings()) + "\n",
        }


@click.command("docs", help="Write the generated pages of docs/.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("docs"), show_default=True)
@with_appcontext
def docs(folder: Path) -> None:
    """Write the generated pages."""
    for name, text in pages().items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        click.echo(f"written {page}")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(*heads: str) -> Iterator[str]:
    yield _row(*heads)
    yield _row(*("---" for _head in heads))


def _access() -> Iterator[str]:
    yield "# Who may do what\n"
    yield NOTE
    yield "## Permissions of each role\n"
    yield "Rights are computed for each request from the register and today's date in Helsinki.\n"
    yield from _table("permission", *(role_label(role) for role in Role))
    for permission in Permission:
        yield _row(f"`{permission}`", *("yes" if permission in GRANTS[role] else "" for role in Role))
    yield "\n## Addresses and what they ask for\n"
    yield "Whose matter it is, is settled by the queries: another's is not found.\n"
    yield from _table("address", "methods", "permission")
    for path, methods, asked in sorted(_rules()):
        yield _row(f"`{path}`", methods, asked)


def _rules() -> Iterator[tuple[str, str, str]]:
    for url in current_app.url_map.iter_rules():
        if url.endpoint in STATIC:
            continue
        view = current_app.view_functions[url.endpoint]
        rule = rule_of(view if hasattr(view, "__self__") else inspect.unwrap(view))
        methods = ", ".join(sorted((url.methods or set()) - {"HEAD", "OPTIONS"}))
        yield url.rule, methods, f"`{rule.permission}`" if rule and rule.permission else "anyone"


def _workflow(title: str, workflow: Workflow) -> Iterator[str]:
    yield f"# Workflow: {title}\n"
    yield NOTE
    yield "```mermaid\nstateDiagram-v2"
    yield f'  state "being handled" as {HANDLED}'
    yield f"  [*] --> {workflow.initial}"
    for (source, target), names in _arrows(workflow.moves).items():
        yield f"  {source} --> {target}: {', '.join(names)}"
    yield "```\n"
    yield from _table("state", "the resident reads")
    for state in workflow.states:
        yield _row(f"`{state}`", str(LOOKS[state].words))
    yield ""
    yield from _table("move", "button", "from", "to", "by", "needs", "tells", "then waits for", "clock", "outcome")
    for move in workflow.moves:
        yield _row(*_move_cells(move))


def _arrows(moves: tuple[Move, ...]) -> dict[tuple[str, str], list[str]]:
    """The diagram's arrows; a move from many states comes from one place, or nobody could read it."""
    sources: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        known = sources.setdefault((move.name, move.target), [])
        if move.source not in known:
            known.append(move.source)
    found: dict[tuple[str, str], list[str]] = {}
    for (name, target), known in sources.items():
        for source in [HANDLED] if len(known) > MOST_ARROWS else known:
            found.setdefault((source, target), []).append(name)
    return found


def _move_cells(move: Move) -> tuple[str, ...]:
    needs = ", ".join(str(need.name).lower() for need in Needs if need in move.needs)
    return (
        f"`{move.name}`",
        move_label(move.name),
        f"`{move.source}`",
        f"`{move.target}`",
        ", ".join(sorted(map(str, move.by))),
        needs,
        str(move.tells),
        str(move.awaits),
        str(move.clock),
        label(move.outcome),
    )


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield NOTE
    yield (
        "From the environment, over `instance/config.py` (the same names without the prefix, in capitals). "
        "`DATABASE_URL` is the short name of `HEKA_DATABASE_URL`. Mistakes are told at start, a sentence each.\n"
    )
    yield from _table("setting", "default", "what it is")
    for name, field in Settings.model_fields.items():
        yield _row(
            f"`{PREFIX}{name.upper()}`",
            _default(name, field.get_default(call_default_factory=True)),
            field.description or "",
        )


def _default(name: str, value: object) -> str:
    if name == "instance_path":
        return "`instance`"
    if isinstance(value, tuple):
        value = " ".join(map(str, value))
    return f"`{value}`" if value not in ("", b"", {}) else ""
