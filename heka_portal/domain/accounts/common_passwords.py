"""The passwords that guessers try first: a list kept beside this file (see THIRD_PARTY.md), and our own few words."""

from __future__ import annotations

from importlib.resources import files

#: what people add who read "Heka" and "password" on the page, in its three languages
OF_THIS_SERVICE = (
    "heka", "helsinki", "helsingfors", "stadi", "suomi", "finland", "asukas", "asukassivut", "asukasportaali",
    "vuokra", "vuokralainen", "vuokraasunto", "asunto", "koti", "kotikoti", "kissa", "koira", "kesa", "talvi",
    "hyresgast", "boende", "bostad", "losenord", "tenant", "resident", "portal", "passphrase", "administrator",
)  # fmt: skip

_LIST = files("heka_portal.domain.accounts").joinpath("common_passwords.txt")

COMMON = frozenset(_LIST.read_text(encoding="utf-8").split()) | frozenset(OF_THIS_SERVICE)
LONGEST = max(map(len, COMMON))
