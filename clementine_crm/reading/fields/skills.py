"""Skills, languages spoken and links, from the sections that announce them."""

from __future__ import annotations

import re

from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.contact import OTHERS, Found
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.names import Name
from clementine_crm.reading.fields.vocabulary import FORBIDDEN, LANGUAGES, fold

_MOST_SKILLS, _MOST_LANGUAGES, _MOST_LINKS = 40, 12, 5
_ITEMS = re.compile(
    r"\t+| {2,}|\s?[;|•·●■▪◦○►➤✓]\s?|,\s+(?!\d+(?: (?:et|and|&) \d+)?\s*(?:$|[,;.]))|\s[/–—-]\s|^\s*[-–*+>»/]\s*|\.\s*$"
)
_LEAD = re.compile(r"^[^:]{2,40}?\s?:\s")
_SKILL_WORDS, _SKILL_LENGTH = 5, 45
_LEVEL = re.compile(r"\b([ABC][12])\b")
_PROSE = re.compile(r"\b(?:je|j'|i|my|mon|ma|mes|nous|we|est|sont|is|are|was|ai|have)\b")
_LANGUAGE = re.compile(r"[^\W\d_]+")
_SPEECH_LINE = 200
_SPOKEN = ("languages", "skills", "other", "summary")

_URL = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,12})"
    r"((?:/[\w.~%@+=&?#!-]{0,80}){0,6})",
    re.IGNORECASE,
)
_PROFILES = re.compile(
    r"(?:^|\.)(?:linkedin\.com|github\.com|github\.io|gitlab\.com|bitbucket\.org|xing\.com|viadeo\.com|behance\.net|dribbble\.com|"
    r"stackoverflow\.com|kaggle\.com|orcid\.org|scholar\.google\.\w+|researchgate\.net|doyoubuzz\.com|malt\.fr|medium\.com)$"
)
# Personal social-network accounts must not be kept (gdpr.md 6.1).
_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|twitter|x|tiktok|snapchat|pinterest|threads|youtube|mastodon|bsky|telegram|"
    r"whatsapp|wa|t|discord|twitch|reddit|vk)\.(?:com|me|net|social|app|gg|tv|be)$"
)
_SITE = re.compile(
    r"\.(?:com|fr|org|net|io|me|dev|eu|pro|info|name|de|be|ch|co|page|site|example|uk)$"
)
_OWN = ("header", "contact", "summary")


def propose_skills(lines: list[Line]) -> list[ProposedField]:
    """Items of the skills sections; sentences are left out."""
    out: dict[str, ProposedField] = {}
    for line in lines:
        if line.section != "skills" or not line.content.strip() or FORBIDDEN.search(line.folded):
            continue
        text = _LEAD.sub("", line.content)
        if _PROSE.search(fold(text)) or text.rstrip().endswith(":"):
            continue
        for item in _ITEMS.split(text):
            skill = item.strip(" .,;:•–-*()")
            words = skill.split()
            if not 0 < len(words) <= _SKILL_WORDS or not 1 < len(skill) <= _SKILL_LENGTH:
                continue
            if skill in line.text and any(char.isalpha() for char in skill):
                out.setdefault(fold(skill), line.field("skill", skill, 0.75))
        if len(out) >= _MOST_SKILLS:
            break
    return list(out.values())[:_MOST_SKILLS]


def propose_languages(lines: list[Line]) -> list[ProposedField]:
    """Languages as ISO 639 codes, with the CEFR level where one is written: ``en B2``."""
    out: dict[str, ProposedField] = {}
    for line in lines:
        if line.section not in _SPOKEN or len(line.text) > _SPEECH_LINE:
            continue
        found = [
            (match, LANGUAGES[fold(match[0])])
            for match in _LANGUAGE.finditer(line.content)
            if fold(match[0]) in LANGUAGES
        ]
        for at, (match, code) in enumerate(found):
            end = found[at + 1][0].start() if at + 1 < len(found) else len(line.content)
            level = _LEVEL.search(line.content[match.end() : end])
            if line.section != "languages" and not level:
                continue
            value = f"{code} {level[1]}" if level else code
            out.setdefault(code, line.field("language", value, 0.9, match[0]))
    return list(out.values())[:_MOST_LANGUAGES]


def propose_links(
    lines: list[Line], name: Name | None, contacts: list[Found]
) -> list[ProposedField]:
    """Professional profiles and the person's own site; never a personal social network."""
    others = {one.line.number for one in contacts if one.rank == OTHERS}
    out: dict[str, ProposedField] = {}
    for line in lines:
        if (
            line.number in others
            or line.section in ("references", "letterhead")
            or "." not in line.text
        ):
            continue
        for match in _URL.finditer(line.text):
            if not _is_link(match, line, name):
                continue
            url = match[0].rstrip(".,;)")
            value = url if "://" in url else f"https://{url}"
            out.setdefault(value.lower(), line.field("link", value, 0.85, url))
    return list(out.values())[:_MOST_LINKS]


def _is_link(match: re.Match[str], line: Line, name: Name | None) -> bool:
    host, path = match[1].lower(), match[2]
    after = line.text[match.end() : match.end() + 1]
    if _SOCIAL.search(host) or after == "@":
        return False
    if _PROFILES.search(host):
        return len(path) > 1 or host.endswith(".github.io")
    explicit = "://" in match[0] or match[0].lower().startswith("www.")
    if not _SITE.search(host):
        return False
    compact = re.sub(r"[^a-z]", "", host)
    named = name is not None and any(len(word) > 3 and word in compact for word in name.words)
    if line.section == "contact" or line.section == "header":
        return explicit or named
    return named and line.section not in ("experience", "education")
