"""Tables made again from the dossiers at any time: texts and keys to find by, days of use."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.types import Boolean

from clementine_crm.store.columns import metadata

body_text = Table(
    "body_text",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("row", LargeBinary, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
)
person_key = Table(
    "person_key",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_person_key_value", "kind", "value"),
)
consent_span = Table(
    "consent_span",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("record", LargeBinary, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("use", Text, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=True),
    Index("ix_consent_span_use", "use", "start", "end"),
)
search_doc = Table(
    "search_doc",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("contacts", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("last_contact", Date, nullable=True),
    Index("ix_search_doc_sort", "kind", "sort", "rid"),
    Index("ix_search_doc_town", "kind", "town"),
    Index("ix_search_doc_source", "kind", "source"),
)
findable = Table(
    "findable",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("more", Boolean, nullable=False),
    Column("listed_first", Integer, nullable=False),
    Column("listed_last", Integer, nullable=False),
    Column("listed_more", Boolean, nullable=False),
)
"""From which day to which (ordinals) a search may show a candidate, and a list; narrow, as every hit
and every line is asked. ``more``: other days too, which ``consent_span`` tells. A row goes with that of
``search_doc``.
"""
