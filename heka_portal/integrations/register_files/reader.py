"""Read the files of a register: row by row, never a whole file in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from operator import call, itemgetter
from pathlib import Path
from typing import Any

from heka_portal.integrations.register_files.archive import DAMAGED, Archive, open_archive
from heka_portal.integrations.register_files.fields import FieldRules
from heka_portal.integrations.register_files.findings import Finding
from heka_portal.integrations.register_files.formats import Column, FileFormat, list_formats

Report = Callable[[Finding], None]
Take = Callable[[str], Any]

MAX_LINE = 100_000
MAX_SHOWN = 60
#: distinct texts of a column that are kept with their values
REMEMBERED = 100_000


class FileRefused(Exception):
    """A file cannot be read on; the words say why."""

    def __init__(self, sentence: str, *, line: int | None = None, column: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.line, self.column = sentence, line, column


class RegisterFiles:
    """An opened register: what came, its rows, and which files had to be refused."""

    def __init__(self, archive: Archive, rules: FieldRules) -> None:
        self.name = archive.name
        self.refused: set[str] = set()
        #: hears how many bytes each step read
        self.progress: Callable[[int], None] = lambda _bytes: None
        self._archive, self._rules = archive, rules
        self._formats = {each.table: each for each in list_formats(rules) if each.file in archive.sizes}
        self.tables = tuple(self._formats)
        self.total_bytes = sum(archive.sizes.values())

    def survey(self, report: Report) -> None:
        """Report the CSV files that the register does not have."""
        for file in self._archive.others:
            sentence = "This file is none of the register's and was not read: check its name."
            report(Finding(False, "unknown file", file, None, None, None, sentence))

    def rows(self, table: str, report: Report) -> Iterator[Any]:
        """The records of one file, in its order; what is wrong with them is reported."""
        form = self._formats[table]
        try:
            yield from self._read(form, report)
        except FileRefused as refusal:
            self.refused.add(table)
            report(Finding(True, "unreadable file", form.file, refusal.line, refusal.column, None, refusal.sentence))

    def _read(self, form: FileFormat, report: Report) -> Iterator[Any]:
        records = self._records(form.file)
        _, header = next(records, (1, []))
        pick = itemgetter(*_places(form, header, report))
        takes = [_take_quickly(column) for column in form.columns]
        make, check, width = form.row, form.check, len(header)
        for line, values in records:
            if len(values) != width:
                sentence = f"This line has {len(values)} fields, the header {width}: check quotes and separators."
                report(Finding(True, "broken line", form.file, line, None, None, sentence))
                continue
            # Columns that did not come are read from an empty field behind the last one.
            values.append("")
            fields = pick(values)
            try:
                row = make(line, *map(call, takes, fields))
            except ValueError:
                row = self._mend(form, line, map(str.strip, fields), report)
            if row is None:
                continue
            if check is not None:
                for column, sentence in check(row):
                    report(Finding(True, "contradiction", form.file, line, column, None, sentence))
            yield row

    def _mend(self, form: FileFormat, line: int, fields: Iterable[str], report: Report) -> Any | None:
        """Report each unfit field of a record. The rest stays readable, unless its key is unfit."""
        values, is_known = [], True
        for column, field in zip(form.columns, fields, strict=True):
            try:
                values.append(_take(column)(field))
            except ValueError as error:
                values.append(None)
                is_known = is_known and not column.is_key
                kind = "bad value" if field else "empty field"
                report(Finding(True, kind, form.file, line, column.name, self._shown(column, field), str(error)))
        return form.row(line, *values) if is_known else None

    def _shown(self, column: Column, field: str) -> str | None:
        if not field:
            return None
        if column.is_identity_code:
            return self._rules.mask_identity_code(field)
        shown = self._rules.hide_identity_codes(field)
        if len(shown) > MAX_SHOWN:
            shown = shown[:MAX_SHOWN] + "…"
        return "".join(sign if sign.isprintable() else "�" for sign in shown)

    def _records(self, file: str) -> Iterator[tuple[int, list[str]]]:
        """Line number and fields of each record, the header first. Raises FileRefused."""
        line = 0
        try:
            with self._archive.open(file, self.progress) as raw:
                stream = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
                header = stream.readline(MAX_LINE)
                lines = _lines(header, stream)
                reader = csv.reader(lines, delimiter=";" if header.count(";") > header.count(",") else ",", strict=True)
                for fields in reader:
                    if fields:
                        yield line + 1, fields
                    line = reader.line_num
        except UnicodeDecodeError:
            raise FileRefused("This is not UTF-8: save the file in UTF-8.", line=self._undecodable(file)) from None
        except csv.Error as error:
            raise FileRefused(f"The quotes cannot be followed from here on ({error}).", line=line + 1) from None
        except DAMAGED:
            raise FileRefused("The archive is damaged here: send it again.", line=line + 1) from None

    def _undecodable(self, file: str) -> int | None:
        with self._archive.open(file, lambda _: None) as raw:
            for number, line in enumerate(iter(lambda: raw.readline(MAX_LINE * 4), b""), 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    return number
        return None


def _lines(header: str, stream: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file, none so long that it fills the memory. Raises FileRefused."""
    line, number = header, 1
    while line:
        if len(line) >= MAX_LINE:
            raise FileRefused("This line is far too long: is it a CSV file?", line=number)
        yield line
        line, number = stream.readline(MAX_LINE), number + 1


def _places(form: FileFormat, header: list[str], report: Report) -> Iterator[int]:
    """Where each column of the format stands in the file. Raises FileRefused when a required one is missing."""
    names = [name.strip() for name in header]
    known = {column.name for column in form.columns}
    missing = [column.name for column in form.columns if column.is_required and column.name not in names]
    if missing:
        words = ", ".join(missing)
        raise FileRefused(f"Required columns are missing: {words}. Add them to the header.", line=1, column=words)
    for name in known:
        if names.count(name) > 1:
            raise FileRefused("The header names this column twice: remove one of them.", line=1, column=name)
    for name in names:
        if name not in known:
            sentence = "This column is none of the register's and was ignored."
            report(Finding(False, "extra column", form.file, 1, name[:MAX_SHOWN] or None, None, sentence))
    for column in form.columns:
        yield names.index(column.name) if column.name in names else len(names)


def _take(column: Column) -> Take:
    """How a field of a column becomes a value; it raises ValueError with a sentence."""
    convert, default, is_required = column.convert, column.default, column.is_required

    def take(field: str) -> Any:
        field = field.strip()
        if field:
            return convert(field)
        if is_required:
            raise ValueError("This field is empty, but every line needs it.")
        return default

    return take


class _Remembering(dict[str, Any]):
    """The values of a column by their texts: of millions of amounts and dates few are distinct."""

    def __init__(self, take: Take) -> None:
        super().__init__()
        self.take = take

    def __missing__(self, field: str) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[field] = self.take(field)
        return value


def _take_quickly(column: Column) -> Take:
    # Keys hardly repeat, and identity codes are not to lie around.
    is_remembered = not column.is_key and not column.is_identity_code
    return _Remembering(_take(column)).__getitem__ if is_remembered else _take(column)


def open_register(path: Path, rules: FieldRules) -> RegisterFiles:
    """Open a folder or zip. Raises SourceRefused."""
    known = {form.file for form in list_formats(rules)}
    return RegisterFiles(open_archive(path, known), rules)
