"""The tables of the search in PostgreSQL: a copy of the register that can be made anew. Nothing on SQLite.

Revision: 0038, after 0037
"""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# They stand in a schema of their own: they hold nothing that is not in the register's tables.
TABLES = """
CREATE SCHEMA register_search;
CREATE TABLE register_search.entry (
  entry_id integer PRIMARY KEY,
  revision integer NOT NULL,
  words tsvector NOT NULL,
  codes text[] COLLATE "C" NOT NULL,
  dated text[] COLLATE "C" NOT NULL,
  status text NOT NULL,
  expires_on date NOT NULL,
  granted_on date,
  easting integer,
  northing integer,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL
);
CREATE INDEX entry_words ON register_search.entry USING gin (words);
CREATE INDEX entry_codes ON register_search.entry USING gin (codes);
CREATE INDEX entry_name_key ON register_search.entry (name_key, entry_id);
CREATE INDEX entry_place ON register_search.entry (easting, northing);
CREATE TABLE register_search.word (word text COLLATE "C" PRIMARY KEY, number integer NOT NULL);
CREATE TABLE register_search.state (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  revision integer NOT NULL,
  stamp text NOT NULL
);
INSERT INTO register_search.state (revision, stamp) VALUES (0, '');
"""
# Slips of the finger are found without it too, only more slowly: whoever may not make extensions does without.
TRIGRAMS = """
DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'pg_trgm cannot be made here: %', SQLERRM; END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(TABLES)
        op.execute(TRIGRAMS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA register_search CASCADE")
