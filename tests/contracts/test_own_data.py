"""Whatever table names a person or an account is in the copy of their own data, or is left out for a reason."""

from __future__ import annotations

from typing import Any

from flask import Flask

from heka_portal.domain.exports.rows import Owner
from heka_portal.domain.exports.sections import SECTIONS
from heka_portal.extensions import db

#: tables with a person or an account in them that no section reads, and why
LEFT_OUT = {
    "account_tokens": "secrets of links, gone within a day",
    "accessibility_feedback": "names staff who answered; who wrote it is not known, or by the email they gave",
    "building_documents": "written by staff",
    "building_events": "written by staff",
    "building_texts": "written by staff",
    "landlord_texts": "written by staff",
    "notices": "written by staff",
    "passkey_challenges": "gone within minutes",
    "rescue_plans": "written by staff",
    "attachments": "the files themselves are in the copy",
    "case_drafts": "what is being written, gone with its session",
    "case_participants": "which cases are one's own: the sections of cases go by it",
    "data_exports": "the copies themselves",
    "known_devices": "hashes of cookies",
    "occupancies": "read as homes",
}


def test_no_table_about_people_is_forgotten(app: Flask) -> None:
    about = {
        table.name
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in {"people", "accounts"}
    }
    with app.app_context():
        read = {table.name for section in SECTIONS for table in _tables(section.asked(Owner(0, 0)))}
    assert about - read - LEFT_OUT.keys() == set(), "let a section of domain/exports/sections.py read them"
    assert LEFT_OUT.keys() - about == set(), "these are gone"


def _tables(statement) -> set[Any]:
    return {table for start in statement.get_final_froms() for table in _leaves(start)}


def _leaves(start) -> list[Any]:
    if hasattr(start, "left"):
        return [*_leaves(start.left), *_leaves(start.right)]
    return [start]
