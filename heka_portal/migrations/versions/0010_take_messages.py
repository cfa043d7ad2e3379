"""Take messages: their topics, and what waits half a minute before it is sent.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_SENDING = sa.text("sends_at IS NOT NULL")
COLUMNS = (
    "code",
    "name_fi",
    "name_sv",
    "name_en",
    "hint_fi",
    "hint_sv",
    "hint_en",
    "queue",
    "is_for_manager",
    "position",
)
TOPICS = (
    (
        "rent_payment",
        "Vuokranmaksu",
        "Hyresbetalning",
        "Rent payment",
        "Lasku, viitenumero, eräpäivä tai maksujärjestely.",
        "Faktura, referensnummer, förfallodag eller betalningsplan.",
        "An invoice, a reference number, a due date or a payment plan.",
        "payments",
        False,
        10,
    ),
    (
        "tenant_democracy",
        "Asukasdemokratia",
        "Boendedemokrati",
        "Tenant democracy",
        "Asukastoimikunta, asukaskokous tai yhteinen toiminta talossa. Viesti menee talosi isännöitsijälle.",
        "Boendekommittén, boendemötet eller verksamhet i huset. Meddelandet går till disponenten för ditt hus.",
        "The residents’ committee, a meeting or common activities. The message goes to your building manager.",
        "tenant_democracy",
        True,
        20,
    ),
    (
        "building_management",
        "Isännöinti",
        "Disponentärenden",
        "Building management",
        "Järjestyssäännöt, häiriöt, pihat tai talon yhteiset tilat.",
        "Ordningsregler, störningar, gårdar eller husets gemensamma utrymmen.",
        "House rules, disturbances, yards or the common areas of the building.",
        "building_management",
        False,
        30,
    ),
    (
        "customer_service",
        "Muu asia asiakaspalvelulle",
        "Annat ärende till kundtjänsten",
        "Something else for customer service",
        "Vuokrasopimus, asukastiedot, portaalin käyttö tai muu kysymys.",
        "Hyresavtal, boendeuppgifter, hur portalen används eller en annan fråga.",
        "The lease, resident information, using the portal or another question.",
        "customer_service",
        False,
        40,
    ),
)


def upgrade() -> None:
    topics = op.create_table(
        "topics",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        *(sa.Column(f"name_{language}", sa.String(length=80), nullable=False) for language in ("fi", "sv", "en")),
        *(sa.Column(f"hint_{language}", sa.String(length=200), nullable=False) for language in ("fi", "sv", "en")),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("working_days", KEY, nullable=False),
        sa.Column("is_for_manager", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_topics_some_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("code", name=op.f("uq_topics_code")),
    )
    same = {"working_days": 3, "is_sensitive": False, "is_active": True}
    op.bulk_insert(topics, [dict(zip(COLUMNS, row, strict=True)) | same for row in TOPICS])
    op.create_table(
        "enquiries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("topic_id", KEY, nullable=False),
        sa.Column("about_case_id", KEY, nullable=True),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("seen_event_id", KEY, nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["about_case_id"], ["cases.id"], name=op.f("fk_enquiries_about_case_id_cases")),
        sa.ForeignKeyConstraint(["id"], ["cases.id"], name=op.f("fk_enquiries_id_cases")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_enquiries_topic_id_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiries")),
    )
    op.create_index("ix_enquiries_topic_id", "enquiries", ["topic_id", "id"])
    op.create_index("ix_enquiries_about_case_id", "enquiries", ["about_case_id"])
    with op.batch_alter_table("case_drafts") as batch:
        batch.add_column(sa.Column("case_id", KEY, nullable=True))
        batch.add_column(sa.Column("sends_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_case_drafts_case_id_cases"), "cases", ["case_id"], ["id"])
    op.create_index("ix_case_drafts_case_id", "case_drafts", ["case_id"])
    op.create_index(
        "ix_case_drafts_sends_at",
        "case_drafts",
        ["sends_at", "id"],
        postgresql_where=IS_SENDING,
        sqlite_where=IS_SENDING,
    )


def downgrade() -> None:
    op.drop_index("ix_case_drafts_sends_at", "case_drafts")
    op.drop_index("ix_case_drafts_case_id", "case_drafts")
    with op.batch_alter_table("case_drafts") as batch:
        batch.drop_constraint(op.f("fk_case_drafts_case_id_cases"), type_="foreignkey")
        batch.drop_column("sends_at")
        batch.drop_column("case_id")
    op.drop_table("enquiries")
    op.drop_table("topics")
