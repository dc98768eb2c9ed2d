"""The physical reference for ranked search: tantivy over the same texts, not encrypted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tantivy

from bench.corpus import CorpusPerson

_HEAP = 128_000_000
_TOKENS = "folded"


class Rival:
    """Every text of a person in one field, accents folded; ``top`` ranks and gives identifiers."""

    def __init__(self, folder: Path, people: Iterator[CorpusPerson]) -> None:
        # An index that is there already would hold everybody twice.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        schema = (
            tantivy.SchemaBuilder()
            .add_integer_field("id", stored=True, fast=True)
            .add_text_field("text", tokenizer_name=_TOKENS)
            .build()
        )
        analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.ascii_fold())
            .build()
        )
        self._schema = schema
        self._index = tantivy.Index(schema, str(folder))
        self._index.register_tokenizer(_TOKENS, analyzer)
        writer = self._index.writer(_HEAP, 1)
        for person in people:
            notes = "\n".join(note.text for note in person.notes)
            name = f"{person.given_name} {person.family_name}"
            text = "\n".join([name, person.title, " ".join(person.skills), person.cv_text, notes])
            writer.add_document(tantivy.Document(id=person.id, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def words(self, text: str) -> Any:
        return self._index.parse_query(text, ["text"], conjunction_by_default=True)

    def beginning(self, letters: str) -> Any:
        return tantivy.Query.regex_query(self._schema, "text", f"{letters}.*")

    def top(self, query: Any, limit: int = 50) -> list[Any]:
        return list(self._searcher.search(query, limit, count=False).hits)

    def count(self, query: Any) -> int:
        found: Any = self._searcher.search(query, 1, count=True)
        return int(found.count or 0)
