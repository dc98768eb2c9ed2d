"""Surer than ``letters`` of the messages that are forms."""

from __future__ import annotations

from clementine_crm.plugin_api import Health, ItemPayload, Mail, PluginContext


class Forms:
    def activate(self, context: PluginContext) -> None:
        self.context = context

    def deactivate(self) -> None:
        del self.context

    def check(self) -> Health:
        return Health(True)

    def claim(self, mail: Mail) -> float:
        if "claim breaks" in mail.subject:
            raise KeyError(mail.subject)
        return 0.8 if mail.subject.startswith("form") else 0.0

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        prefix = self.context.settings.get("prefix", "")
        return ItemPayload(external_id=external_id, message=f"forms: {prefix}{mail.subject}")
