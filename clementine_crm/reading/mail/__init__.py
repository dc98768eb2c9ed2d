"""Mail to ``Mail``: RFC 5322 messages, Outlook ``.msg`` files, mbox containers."""

from clementine_crm.reading.mail.mailbox import is_deleted, is_envelope, mailbox
from clementine_crm.reading.mail.outlook import outlook_message
from clementine_crm.reading.mail.rfc822 import MESSAGE_LIMIT, parse_mail

__all__ = [
    "MESSAGE_LIMIT",
    "is_deleted",
    "is_envelope",
    "mailbox",
    "outlook_message",
    "parse_mail",
]
