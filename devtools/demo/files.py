"""`flask demo write`: the demo register as the landlord would send it, a folder of CSV files to try an import with."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from devtools.demo.register import DemoRegister
from heka_portal import clock
from heka_portal.cli.register import field_rules
from heka_portal.integrations.register_files.formats import FileFormat, list_formats


@click.command("write")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--apartments", type=click.IntRange(1), default=144, show_default=True)
@click.option("--months", type=click.IntRange(1, 60), default=6, show_default=True, help="Months of invoices.")
@with_appcontext
def write(folder: Path, apartments: int, months: int) -> None:
    """Write the register of a landlord of so many apartments, for `flask register import`."""
    write_register(DemoRegister(apartments, today=clock.today(), months=months), folder)
    click.echo(f"Written to {folder}.")


def write_register(register: DemoRegister, folder: Path) -> None:
    """Write a file for each table, rows as they are drawn. Needs an application context."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in list_formats(field_rules()):
        with (folder / form.file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(column.name for column in form.columns)
            is_money = _money_places(form)
            for row in register.rows(form.table, lambda _: None):
                # The fields behind `line` stand in the order of the file's columns.
                writer.writerow(map(_written, row[1:], is_money))


def _money_places(form: FileFormat) -> list[bool]:
    return [name.endswith("_cents") for name in form.row._fields[1:]]


def _written(value: Any, is_money: bool) -> str:
    """A value as the format wants it."""
    if value is None:
        return ""
    if is_money:
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
