"""What may be typed: commands, their options, and the sentences that explain them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from typing_extensions import override

from clementine_crm.cli import copies, demo, house, intake, mandates, people, triage
from clementine_crm.cli.session import Answer, Session
from clementine_crm.errors import UsageError
from clementine_crm.services.lawful import GROUNDS
from clementine_crm.words import LANGUAGES, Words

Run = Callable[[argparse.Namespace, Session], Answer]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, through the same door as every other refusal.

    Options are written out: a script must not change its meaning when another option is added.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    @override
    def error(self, message: str) -> NoReturn:
        raise UsageError("usage", message=message, command=self.prog)


def day(text: str) -> date:
    """An ISO date as typed."""
    return date.fromisoformat(text)


def build(words: Words) -> Parser:
    """The whole command line, explained in one language."""
    parser = Parser(prog="clementine", description=words("cli.description"), add_help=True)
    _common(parser, words, top=True)
    groups = _Commands(parser, words)
    _agency(groups)
    _coming_in(groups)
    _persons(groups)
    _house(groups)
    return parser


def _common(parser: argparse.ArgumentParser, words: Words, *, top: bool) -> None:
    """Options that may stand before or after the command."""
    unset = None if top else argparse.SUPPRESS
    off = False if top else argparse.SUPPRESS
    add = parser.add_argument
    add("--home", default=unset, metavar="DIR", help=words("cli.opt_home"))
    add("--json", action="store_true", default=off, help=words("cli.opt_json"))
    add("--as-of", type=day, default=unset, metavar="DATE", help=words("cli.opt_as_of"))
    add("--user", default=unset, metavar="EMAIL", help=words("cli.opt_user"))
    add(
        "--password-file",
        type=Path,
        default=unset,
        metavar="FILE",
        help=words("cli.opt_password_file"),
    )
    add("--language", choices=LANGUAGES, default=unset, help=words("cli.opt_lang"))


class _Commands:
    """Adds commands, each with the common options and the sentence ``cli.<name>``."""

    def __init__(self, parser: Parser, words: Words) -> None:
        self._words = words
        self._groups = {"": parser.add_subparsers(dest="command", metavar="COMMAND", required=True)}

    def add(self, name: str, run: Run | None, group: str = "") -> argparse.ArgumentParser:
        key = "_".join(filter(None, (group, name)))
        made = self._groups[group].add_parser(
            name, help=self._words(f"cli.{key}"), description=self._words(f"cli.{key}")
        )
        if run is None:
            self._groups[name] = made.add_subparsers(
                dest=f"{name}_command", metavar="COMMAND", required=True
            )
        else:
            _common(made, self._words, top=False)
            made.set_defaults(run=run)
        return made


def _agency(groups: _Commands) -> None:
    init = groups.add("init", house.init)
    init.add_argument("--agency", required=True, metavar="NAME")
    init.add_argument("--name", required=True)
    demo_ = groups.add("demo", demo.run)
    demo_.add_argument("--screenshots", type=Path, metavar="DIR")
    groups.add("user", None)
    groups.add("list", house.users, "user")
    change = groups.add("password", house.password, "user")
    change.add_argument("--new-password-file", type=Path, metavar="FILE")
    change.add_argument("--recovery", action="store_true")


def _coming_in(groups: _Commands) -> None:
    bring = groups.add("import", intake.bring_in)
    bring.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    bring.add_argument("--source", default="", metavar="PLUGIN")
    bring.add_argument("--origin", default="", metavar="NAME")
    bring.add_argument("--ground", choices=GROUNDS, default=GROUNDS[0])
    bring.add_argument("--last-contact", type=day, metavar="DATE")
    groups.add("batch", None)
    groups.add("list", intake.batches, "batch")
    undo = groups.add("undo", intake.undo_batch, "batch")
    undo.add_argument("id", metavar="ID")
    groups.add("triage", None)
    groups.add("list", triage.listing, "triage")
    keep = groups.add("keep", triage.keep, "triage")
    keep.add_argument("ids", nargs="+", metavar="ID")
    keep.add_argument("--mission", default="", metavar="REF")
    keep.add_argument("--known", default="", metavar="ID")
    for name, run in (("discard", triage.discard), ("ask", triage.ask), ("later", triage.later)):
        groups.add(name, run, "triage").add_argument("ids", nargs="+", metavar="ID")
    groups.add("undo", triage.undo, "triage")
    groups.add("close", triage.close, "triage")


def _persons(groups: _Commands) -> None:
    groups.add("candidate", None)
    groups.add("list", people.listing, "candidate")
    groups.add("show", people.show, "candidate").add_argument("id", metavar="ID")
    export = groups.add("export", people.export, "candidate")
    export.add_argument("id", metavar="ID")
    export.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    export.add_argument("--reason", default="")
    search = groups.add("search", people.search)
    search.add_argument("query")
    search.add_argument("--limit", type=int, default=50)
    note = groups.add("note", people.note)
    note.add_argument("id", metavar="ID")
    note.add_argument("text")
    groups.add("task", None)
    add = groups.add("add", people.add_task, "task")
    add.add_argument("id", metavar="ID")
    add.add_argument("text")
    add.add_argument("--due", type=day, metavar="DATE")
    groups.add("list", people.tasks, "task")
    groups.add("done", people.done, "task").add_argument("ids", nargs="+", metavar="ID")
    groups.add("consent", None)
    groups.add("status", people.consents, "consent").add_argument("id", nargs="?", default="")
    groups.add("mission", None)
    mission = groups.add("add", mandates.add_mission, "mission")
    mission.add_argument("reference", metavar="REF")
    mission.add_argument("title")
    mission.add_argument("--client", default="", metavar="NAME")
    mission.add_argument("--lang", dest="mission_lang", choices=LANGUAGES, default="fr")
    mission.add_argument("--criteria", default="")
    groups.add("list", mandates.missions, "mission")
    groups.add("close", mandates.close_mission, "mission").add_argument("reference", metavar="REF")
    groups.add("client", None)
    groups.add("add", mandates.add_client, "client").add_argument("name")
    groups.add("list", mandates.clients, "client")


def _house(groups: _Commands) -> None:
    groups.add("backup", None)
    run = groups.add("run", copies.run, "backup")
    run.add_argument("--to", type=Path, required=True, metavar="DIR")
    listed = groups.add("list", copies.listing, "backup")
    listed.add_argument("--from", dest="folder", type=Path, metavar="DIR")
    verify = groups.add("verify", copies.verify, "backup")
    verify.add_argument("id", nargs="?", default="")
    verify.add_argument("--from", dest="folder", type=Path, metavar="DIR")
    restore = groups.add("restore", copies.restore, "backup")
    restore.add_argument("id")
    restore.add_argument("--from", dest="folder", type=Path, required=True, metavar="DIR")
    restore.add_argument("--into", type=Path, required=True, metavar="DIR")
    groups.add("plugins", house.plugins)
    groups.add("doctor", house.doctor)
