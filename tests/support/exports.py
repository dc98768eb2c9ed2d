"""Exports as the site makes them, of any size, with invented people."""

from __future__ import annotations

import csv
import io
from pathlib import Path

GIVEN = ("Léa", "Noé", "Inès", "Hugo", "Maëlys", "Karim", "Zoé", "Youn")
FAMILY = ("Fabre", "Roux", "Le Goff", "N’Diaye", "Garnier", "Ott", "Perrin", "Baud")


def email_of(n: int) -> str:
    return f"personne.{n}@example.org"


def flamingo(path: Path, rows: int, start: int = 0) -> Path:
    """An export of the spontaneous form: every cell quoted, CRLF, newest first."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(
        ["your-name", "prenom", "your-email", "telephone", "your-subject", "motivation", "Date"]
    )
    for n in range(start + rows, start, -1):
        writer.writerow(
            [
                f"{FAMILY[n % 8]}-{n}",
                GIVEN[n % 8],
                email_of(n),
                f"06 39 98 {n // 100 % 100:02} {n % 100:02}",
                "Comptable",
                f"Motivation numéro {n}, ligne une\nligne deux",
                f"2026-11-{1 + n % 23:02}T10:{n % 60:02}:00+01:00",
            ]
        )
    path.write_bytes(out.getvalue().removesuffix("\r\n").encode())
    return path
