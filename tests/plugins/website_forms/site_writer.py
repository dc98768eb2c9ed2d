"""A site in miniature: one submission as Contact Form 7 mails it, as Flamingo and WordPress export it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
ALERT = (
    "(Alerte de sécurité : contenu suspect. Voir"
    " https://contactform7.com/heads-up-about-spreadsheet-vulnerabilities pour les détails.) "
)
LABELS = {
    "reference-offre": "Référence de l’offre",
    "nom": "Nom",
    "prenom": "Prénom",
    "email": "E-mail",
    "telephone": "Téléphone",
    "poste-recherche": "Poste recherché",
    "objet": "Objet",
    "societe": "Société",
    "rgpd": "Consentement",
    "cv": "CV",
}


@dataclass(frozen=True)
class Typed:
    """What a visitor filled in: tag names to values, the message, a file, the second it was sent."""

    fields: dict[str, str]
    message: str
    sent: datetime
    cv: bytes = b""
    cv_name: str = "CV.pdf"
    columns: Sequence[str] = field(default_factory=tuple)

    @property
    def whole(self) -> dict[str, str]:
        return {**dict.fromkeys(self.columns, ""), **self.fields}


def mail_bytes(typed: Typed, *, delay: int = 1, site: str = "wordpress@site.example.org") -> bytes:
    """The notification: one line a field, the message below its label, the site's footer."""
    lines = [f"{LABELS[name]} : {value}" for name, value in typed.whole.items()]
    lines += [f"CV : {typed.cv_name}"] if typed.cv else []
    body = "\r\n".join(
        [*lines, "", "Message :", typed.message, "", "-- ", "Cet e-mail est une notification."]
    )
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Site <{site}>"
    mail["To"] = "recrutement@agence.example.org"
    if typed.fields.get("email"):
        mail["Reply-To"] = typed.fields["email"]
    mail["Subject"] = "Nouveau message du site"
    mail["Date"] = (typed.sent + timedelta(seconds=delay)).astimezone(UTC)
    mail["Message-ID"] = f"<{hashlib.sha256(body.encode()).hexdigest()[:20]}@site.example.org>"
    mail["X-Mailer"] = "PHPMailer 6.8.1 (https://github.com/PHPMailer/PHPMailer)"
    mail.set_content(body, cte="8bit")
    if typed.cv:
        mail.add_attachment(typed.cv, maintype="application", subtype="pdf", filename=typed.cv_name)
    return mail.as_bytes()


def flamingo(rows: Sequence[Typed], *, sha256: bool = False) -> bytes:
    """Flamingo's CSV of one form: every cell quoted, the warning before formulas, hashes for files."""
    with_cv = any(typed.cv for typed in rows)
    header = [*rows[0].whole, "message", *(["cv"] if with_cv else []), "Date"]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    for typed in rows:
        cells = [*typed.whole.values(), typed.message]
        cells += [file_hash(typed.cv, sha256=sha256)] if with_cv else []
        cells.append(typed.sent.astimezone(PARIS).isoformat(timespec="seconds"))
        writer.writerow([ALERT + cell if cell[:1] in tuple("=+-@") else cell for cell in cells])
    return out.getvalue().removesuffix("\r\n").encode("utf-8")


def file_hash(data: bytes, *, sha256: bool = False) -> str:
    if not data:
        return ""
    digest = hashlib.sha256(data) if sha256 else hashlib.md5(data, usedforsecurity=False)
    return digest.hexdigest()


def serialised(value: object) -> str:
    """PHP's ``serialize``: lengths in bytes."""
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode("utf-8"))}:"{value}";'
    if isinstance(value, dict):
        inner = "".join(serialised(k) + serialised(v) for k, v in value.items())
        return f"a:{len(value)}:{{{inner}}}"
    if isinstance(value, list):
        return serialised(dict(enumerate(value)))
    return "N;"


def wxr(rows: Sequence[Typed], *, status: str = "publish", fields_in: str = "metas") -> bytes:
    """WordPress's export with one Flamingo post a row; the values stand in ``metas`` or ``_fields``."""
    items = "".join(_item(typed, n, status, fields_in) for n, typed in enumerate(rows, 7000))
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/">\n<channel><title>Site</title>'
        f"<wp:wxr_version>1.2</wp:wxr_version>{items}</channel></rss>"
    ).encode()


def _item(typed: Typed, number: int, status: str, fields_in: str) -> str:
    values = {**typed.whole, "message": typed.message}
    if typed.cv:
        values["cv"] = file_hash(typed.cv)
    held = values if fields_in == "_fields" else dict.fromkeys(values)
    metas = {"_subject": "Message", "_fields": serialised(held)}
    if fields_in == "metas":
        metas |= {f"_field_{name}": value for name, value in values.items()}
    local = typed.sent.astimezone(PARIS).replace(tzinfo=None).isoformat(" ", "seconds")
    inner = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{escape(text)}</wp:meta_value></wp:postmeta>"
        for key, text in metas.items()
    )
    return (
        f"<item><title>x</title><wp:post_id>{number}</wp:post_id><wp:post_date>{local}</wp:post_date>"
        f"<wp:status>{status}</wp:status><wp:post_type>flamingo_inbound</wp:post_type>"
        f'<category domain="flamingo_inbound_channel" nicename="candidature">Candidature (FR)</category>{inner}</item>'
    )
