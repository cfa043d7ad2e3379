"""The catalogues of the interface: `python -m devtools.translations update|check|compile`.

English is the source language. `update` brings the catalogues to what the code says now, `check` names what is missing,
doubtful or left over, `compile` writes the .mo files that a running portal reads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "heka_portal"
FOLDER = SOURCE / "translations"
LANGUAGES = ("fi", "sv")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
#: How many problems are listed; the rest are counted.
SHOWN = 40
#: A comment that begins so stands before the translator too.
TRANSLATORS_NOTE = "Translators:"


def main(task: str) -> int:
    """Carry out one task; answers how many problems were found."""
    return {"update": update, "check": check, "compile": compile_catalogs}[task]()


def update() -> int:
    """Bring each catalogue to the words of the code, then say what is left to translate."""
    template = extract()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        with path(language).open("wb") as file:
            write_po(file, catalog, width=120, ignore_obsolete=True, sort_by_file=True, include_lineno=False)
        print(f"{language}: {len(catalog)} texts, {sum(1 for _ in problems(catalog, template))} to do")
    return compile_catalogs()


def check() -> int:
    """Name everything that a reader of Finnish or Swedish would meet in English, or wrong."""
    template = extract()
    found = [f"{language}: {problem}" for language in LANGUAGES for problem in problems(read(language), template)]
    if not found:
        print(f"{len(template)} texts, all in {' and '.join(LANGUAGES)}")
        return 0
    print(*found[:SHOWN], sep="\n")
    print(f"{len(found)} texts to mend; `make translations` brings the catalogues to the words of the code.")
    return 1


def compile_catalogs() -> int:
    """Write the .mo files that are older than their catalogue."""
    for source in FOLDER.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po))
    return 0


def extract() -> Catalog:
    """All texts of the portal's code and templates."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    catalog = Catalog(project="heka-portal", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        SOURCE, methods, options, KEYWORDS, comment_tags=(TRANSLATORS_NOTE,), strip_comment_tags=True
    )
    for name, line, message, comments, context in found:
        catalog.add(message, None, [(f"heka_portal/{name}", line)], auto_comments=comments, context=context)
    return catalog


def path(language: str) -> Path:
    """The catalogue's file."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    if not path(language).exists():
        return Catalog(locale=language, project="heka-portal", charset="utf-8", fuzzy=False)
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def problems(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """What is missing, empty, doubtful, wrong in its placeholders, or no longer used."""
    for message in texts(template):
        translated = catalog.get(message.id, message.context)
        fault = "missing" if translated is None else fault_of(translated, catalog)
        if fault:
            yield f"{fault}: {shown(message)}"
    for message in texts(catalog):
        if template.get(message.id, message.context) is None:
            yield f"not used any more: {shown(message)}"


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def fault_of(message: Message, catalog: Catalog) -> str:
    """One word or two on what is wrong with a translation; empty when nothing is."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if not all(forms):
        return "empty"
    if message.fuzzy:
        return "doubtful (fuzzy)"
    return "; ".join(str(error) for error in message.check(catalog))


def shown(message: Message) -> str:
    """A message as it is found again in the code: its first place and its text."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    place = message.locations[0][0] if message.locations else "?"
    return f"{place}: {text!r}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
