"""Let a message ask about a notice.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "fk_enquiries_about_notice_id_notices"


def upgrade() -> None:
    with op.batch_alter_table("enquiries") as batch:
        batch.add_column(sa.Column("about_notice_id", KEY, nullable=True))
        batch.create_foreign_key(op.f(NAME), "notices", ["about_notice_id"], ["id"])
    op.create_index("ix_enquiries_about_notice_id", "enquiries", ["about_notice_id"])


def downgrade() -> None:
    op.drop_index("ix_enquiries_about_notice_id", table_name="enquiries")
    with op.batch_alter_table("enquiries") as batch:
        batch.drop_constraint(op.f(NAME), type_="foreignkey")
        batch.drop_column("about_notice_id")
