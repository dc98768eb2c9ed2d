"""The parsers lent to plugins in the reader process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clementine_crm.plugin_api import DocumentText, Mail


class LentTools:
    """``plugin_api.ReadingTools`` over the reading rooms, imported at their first use."""

    def mail(self, data: bytes) -> Mail:
        from clementine_crm.reading.mail import parse_mail

        return parse_mail(data)

    def outlook_message(self, data: bytes) -> Mail:
        from clementine_crm.reading.mail import outlook_message

        return outlook_message(data)

    def mailbox(self, path: Path) -> Iterator[tuple[int, bytes]]:
        from clementine_crm.reading.mail import mailbox

        return mailbox(path)

    def document(self, data: bytes, name: str) -> DocumentText:
        from clementine_crm.reading.documents import read_document

        return read_document(data, name)
