"""Guard the append-only tables, index the words of cases, and lay the first dated rules.

Revision ID: 0002
Revises: 0001
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: tables whose rows are only ever added
APPEND_ONLY = ("audit_log", "case_events")
SINCE = date(2026, 1, 1)
#: the seal of the empty log, from which the chain begins
FIRST_SEAL = "0" * 64

TARGETS = (
    # urgency, hours, working days, days, working days more for the finding
    ("danger", 24, None, None, None),
    ("harm", None, 2, None, None),
    ("inspect", None, 5, None, 3),
    ("ordinary", None, None, 14, None),
    ("planned", None, None, 180, None),
)
URGENCIES = {
    "harm": ("water_leak", "drain", "electricity", "door", "lift", "safety"),
    "inspect": ("heating", "moisture", "pests"),
    "ordinary": [
        "tap",
        "ventilation",
        "appliance",
        "window",
        "surface",
        "furniture",
        "cleaning",
        "waste",
        "snow",
        "playground",
        "network",
        "sauna_stove",
        "vandalism",
        "other",
    ],
}
UPKEEP = (
    # code, who, said at, Finnish, Swedish, English, price in cents
    (
        "bulbs",
        "resident",
        "electricity",
        "Lamput ja loisteputket kotona vaihdat itse.",
        "Lampor och lysrör i hemmet byter du själv.",
        "You change the bulbs and fluorescent tubes of your home yourself.",
        None,
    ),
    (
        "fuses",
        "resident",
        "electricity",
        "Palaneen sulakkeen vaihdat itse. Jos automaattisulake laukeaa uudelleen, ilmoita siitä.",
        "En säkring som har gått byter du själv. Om automatsäkringen löser ut igen ska du göra en felanmälan.",
        "You change a blown fuse yourself. If a circuit breaker trips again, report it.",
        None,
    ),
    (
        "batteries",
        "resident",
        "safety",
        "Palovaroittimen paristot ovat Hekan. Kuukausittainen testi on sinun. Muiden laitteiden paristot vaihdat itse.",
        "Brandvarnarens batterier sköter Heka. Det månatliga testet gör du. Batterier i andra apparater byter du själv.",
        "Heka changes the smoke alarm's batteries. The monthly test is yours. You change other devices' batteries.",
        None,
    ),
    (
        "drain_trap",
        "resident",
        "drain",
        "Hajulukon ja lattiakaivon puhdistat itse. Jos viemäri on silti tukossa, ilmoita siitä.",
        "Vattenlåset och golvbrunnen rengör du själv. Om det ändå är stopp i avloppet ska du göra en felanmälan.",
        "You clean the drain trap and the floor drain yourself. If the drain is still blocked, report it.",
        None,
    ),
    (
        "lost_key_rekeying",
        "resident",
        None,
        "Jos avain katoaa ja lukko pitää sarjoittaa uudelleen, asukas maksaa sen.",
        "Om en nyckel försvinner och låset måste serieläggas på nytt betalar den boende det.",
        "Rekeying a lock because of a lost key is paid by the resident.",
        15000,
    ),
    (
        "door_opening",
        "resident",
        None,
        "Oven avaamisen maksaa asukas.",
        "Dörröppning betalar den boende.",
        "Opening a door is paid by the resident.",
        5000,
    ),
    (
        "damage",
        "resident",
        None,
        "Vahingon, joka ei ole tavallista kulumista, maksaa sen aiheuttaja.",
        "En skada som inte är normalt slitage betalas av den som har orsakat den.",
        "Damage that is not normal wear is paid by who caused it.",
        None,
    ),
    (
        "own_property",
        "resident",
        None,
        "Asukkaan omat laitteet ja kalusteet ovat asukkaan vastuulla.",
        "Den boende ansvarar själv för sina egna apparater och möbler.",
        "The resident's own appliances and furniture are the resident's to mend.",
        None,
    ),
)


def upgrade() -> None:
    guard = guard_on_postgresql if op.get_bind().dialect.name == "postgresql" else guard_on_sqlite
    guard()
    lay_rules()


def guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION heka_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION heka_append_only()"
        )
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(
        "ALTER TABLE case_texts ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('finnish', body)) STORED"
    )
    op.execute("CREATE INDEX ix_case_texts_words ON case_texts USING gin (words)")
    op.execute("CREATE INDEX ix_case_texts_trigrams ON case_texts USING gin (body gin_trgm_ops)")


def guard_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE VIRTUAL TABLE case_search USING fts5("
        "body, content='case_texts', content_rowid='case_id', tokenize='trigram')"
    )
    remove = "INSERT INTO case_search(case_search, rowid, body) VALUES ('delete', old.case_id, old.body);"
    add = "INSERT INTO case_search(rowid, body) VALUES (new.case_id, new.body);"
    op.execute(f"CREATE TRIGGER case_texts_added AFTER INSERT ON case_texts BEGIN {add} END")
    op.execute(f"CREATE TRIGGER case_texts_removed AFTER DELETE ON case_texts BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER case_texts_changed AFTER UPDATE ON case_texts BEGIN {remove} {add} END")


def lay_rules() -> None:
    number = sa.BigInteger()
    targets = sa.table(
        "defect_targets",
        sa.column("urgency", sa.String()),
        sa.column("hours", number),
        sa.column("working_days", number),
        sa.column("days", number),
        sa.column("finding_working_days", number),
        sa.column("from_on", sa.Date()),
    )
    names = ("urgency", "hours", "working_days", "days", "finding_working_days")
    op.bulk_insert(targets, [dict(zip(names, row, strict=True)) | {"from_on": SINCE} for row in TARGETS])
    urgencies = sa.table(
        "fault_urgencies",
        sa.column("fault", sa.String()),
        sa.column("urgency", sa.String()),
        sa.column("from_on", sa.Date()),
    )
    op.bulk_insert(
        urgencies,
        [
            {"fault": fault, "urgency": urgency, "from_on": SINCE}
            for urgency, faults in URGENCIES.items()
            for fault in faults
        ],
    )
    upkeep = sa.table(
        "upkeep_rules",
        *(sa.column(name, sa.String()) for name in ("code", "upkeep", "fault", "text_fi", "text_sv", "text_en")),
        sa.column("price_cents", number),
        sa.column("from_on", sa.Date()),
    )
    names = ("code", "upkeep", "fault", "text_fi", "text_sv", "text_en", "price_cents")
    op.bulk_insert(upkeep, [dict(zip(names, row, strict=True)) | {"from_on": SINCE} for row in UPKEEP])
    head = sa.table("audit_head", sa.column("id", number), sa.column("last_id", number), sa.column("seal", sa.String()))
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "seal": FIRST_SEAL}])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_case_texts_trigrams")
        op.execute("DROP INDEX ix_case_texts_words")
        op.execute("ALTER TABLE case_texts DROP COLUMN words")
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION heka_append_only()")
    else:
        for name in ("case_texts_added", "case_texts_removed", "case_texts_changed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE case_search")
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
    for table in ("defect_targets", "fault_urgencies", "upkeep_rules", "audit_head"):
        op.execute(f"DELETE FROM {table}")
