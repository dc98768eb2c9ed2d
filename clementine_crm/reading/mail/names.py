"""Names of attachments made safe: a base name, without override or control characters."""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 200
_SEPARATORS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"^[A-Za-z]:(?=[^:]*$)")
_OVERRIDES = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u200b]")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_RUNNABLE = (
    *(".exe", ".scr", ".com", ".bat", ".cmd", ".pif", ".js", ".jse", ".vbs", ".vbe", ".wsf"),
    *(".wsh", ".hta", ".msi", ".msp", ".ps1", ".jar", ".lnk", ".cpl", ".reg", ".dll", ".iso"),
    *(".img", ".vhd", ".app", ".sh", ".apk", ".gadget", ".inf", ".scf", ".url", ".xll", ".chm"),
)


def safe_name(name: str) -> tuple[str, bool]:
    """The base name to show and store, and whether override characters were removed from it."""
    plain = _OVERRIDES.sub("", name)
    overridden = plain != name
    plain = "".join(" " if c in "\t\r\n" else c for c in plain)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    base = _SEPARATORS.split(plain)[-1]
    base = re.sub(r"\s+", " ", _DRIVE.sub("", base)).strip().lstrip(".").rstrip(". ")
    if _RESERVED.match(base):
        base = f"_{base}"
    if len(base) > NAME_LIMIT:
        stem, dot, ending = base.rpartition(".")
        ending = ending[:20] if dot else ""
        base = f"{(stem or base)[: NAME_LIMIT - len(ending) - 1]}{dot}{ending}"
    return base, overridden


def runnable(name: str) -> bool:
    """Whether the name's last ending is one that Windows runs: kept, never opened as a CV."""
    return name.lower().endswith(_RUNNABLE)
