"""The contract between Clémentine and a plugin: the only package of ours that a plugin imports.

A plugin is a folder with a ``plugin.toml`` and an entry class. It turns what arrives (files,
messages) into *payloads*; the core validates them, recognises persons, decides and writes.
"""

from clementine_crm.errors import BadResponse
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api.contracts import (
    FileSource,
    Health,
    MessageReader,
    Plugin,
    PluginContext,
    ReadingTools,
)
from clementine_crm.plugin_api.forbidden import is_forbidden
from clementine_crm.plugin_api.payloads import (
    ConsentEvidence,
    Entry,
    FieldValue,
    FileData,
    ItemPayload,
    MessageEntry,
    Rejection,
)
from clementine_crm.plugin_api.reading import (
    Attachment,
    DocumentText,
    Mail,
    Place,
    ProposedField,
)

__all__ = [
    "Attachment",
    "BadResponse",
    "ConsentEvidence",
    "DocumentText",
    "Entry",
    "FieldValue",
    "FileData",
    "FileSource",
    "Health",
    "ItemPayload",
    "JobContext",
    "Mail",
    "MessageEntry",
    "MessageReader",
    "Place",
    "Plugin",
    "PluginContext",
    "ProposedField",
    "ReadingTools",
    "Rejection",
    "is_forbidden",
]
