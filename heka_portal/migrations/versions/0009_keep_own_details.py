"""Keep people's own details: postal address, bank accounts, changes of the email, mails one does without.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
POSTAL = {"postal_street": 160, "postal_code": 20, "postal_city": 80, "postal_country": 80}


def upgrade() -> None:
    for name, length in POSTAL.items():
        op.add_column("people", sa.Column(name, sa.String(length)))
    op.create_table(
        "bank_accounts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("person_id", KEY, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("ending", sa.String(4), nullable=False),
        sa.Column("bic", sa.String(11)),
        sa.Column("login_session_id", KEY, sa.ForeignKey("login_sessions.id"), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("strong_acr", sa.String(120)),
        sa.Column("takes_effect_at", MOMENT),
        sa.Column("stopped_at", MOMENT),
    )
    op.create_index("ix_bank_accounts_person_id_id", "bank_accounts", ["person_id", "id"])
    op.create_index("ix_bank_accounts_login_session_id", "bank_accounts", ["login_session_id"])
    unconfirmed = sa.text("confirmed_at IS NULL")
    op.create_index(
        "ix_bank_accounts_unconfirmed",
        "bank_accounts",
        ["given_at", "id"],
        postgresql_where=unconfirmed,
        sqlite_where=unconfirmed,
    )
    op.create_table(
        "email_changes",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("account_id", KEY, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("old_email", sa.String(254), nullable=False),
        sa.Column("new_email", sa.String(254), nullable=False),
        sa.Column("old_token_hash", sa.String(64), unique=True),
        sa.Column("new_token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("undo_token_hash", sa.String(64), unique=True),
        sa.Column("by_identification", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("old_confirmed_at", MOMENT),
        sa.Column("new_confirmed_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("undo_until", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_email_changes_account_id_id", "email_changes", ["account_id", "id"])
    op.create_index("ix_email_changes_created_at", "email_changes", ["created_at"])
    op.create_table(
        "mail_refusals",
        sa.Column("account_id", KEY, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("mail_refusals")
    op.drop_table("email_changes")
    op.drop_table("bank_accounts")
    for name in reversed(POSTAL):
        op.drop_column("people", name)
