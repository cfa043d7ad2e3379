"""Builds as setuptools does, with the translations compiled first: a wheel without them speaks English only."""

import shutil
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import build_meta

TRANSLATIONS = Path("heka_portal/translations")

build_sdist = build_meta.build_sdist
get_requires_for_build_wheel = build_meta.get_requires_for_build_wheel
prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel


def build_wheel(*arguments: Any, **named: Any) -> Any:
    """Compile the translations, then build from what is here now: an earlier build's leftovers would come along."""
    shutil.rmtree("build", ignore_errors=True)
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read_po(po))
    return build_meta.build_wheel(*arguments, **named)
