"""Claims every message a little, and stumbles over some."""

from __future__ import annotations

import ctypes

from clementine_crm.plugin_api import Health, ItemPayload, Mail, PluginContext


class Letters:
    sure = 0.2

    def activate(self, context: PluginContext) -> None:
        self.id = context.plugin_id

    def deactivate(self) -> None:
        self.id = ""

    def check(self) -> Health:
        return Health(True)

    def claim(self, mail: Mail) -> float:
        return 0.0 if "nobody" in mail.subject else self.sure

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        if "crash" in mail.subject:
            ctypes.string_at(0)
        while "hang" in mail.subject:
            pass
        if "raise" in mail.subject:
            raise ValueError(mail.subject)
        return ItemPayload(external_id=external_id, message=f"{self.id}: {mail.subject}")
