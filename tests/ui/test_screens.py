"""Every screen, in both languages, both looks and both sizes: nothing clipped, empty or out of reach.

Also what the checks themselves must catch, and that every sentence a screen asks for exists.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from clementine_crm import bootstrap
from clementine_crm.parts import Parts
from clementine_crm.words import LANGUAGES, Words, keys
from ui import pictures, screens, speech, theme
from ui.widgets.button import Button
from ui.widgets.text import Text

ROOT = Path(__file__).resolve().parent.parent.parent
PLACES = {
    "today", "triage", "candidates", "dossier", "missions", "clients", "import",
    "administration-house", "administration-copies", "administration-plugins",
    "administration-rules", "administration-accounts", "administration-outbox",
}  # fmt: skip
OVER = {"palette", "keys", "error", "undo"}
DOORS = {
    "first-agency", "first-you", "first-password", "first-key", "first-data", "unlock", "recovery",
}  # fmt: skip
EMPTY = {"today-empty", "missions-empty", "clients-empty", "import-empty"}


@pytest.fixture(scope="module")
def lived_in(full_home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agency with somebody kept, a task, a message that waits, a rule."""
    import json

    from clementine_crm.queries.inbox import inbox
    from clementine_crm.services.activities import AddTask
    from clementine_crm.services.agencies import ChangeSetting
    from clementine_crm.services.triage import AskForMore, KeepItems

    home = full_home.copy_to(tmp_path_factory.mktemp("lived") / "home")
    desk = bootstrap.open_desk(home, full_home.unlocked)
    items = [row for row in inbox(desk.reading).rows if row.kind == "application"]
    desk.execute(KeepItems(tuple(row.id for row in items[:4]), spontaneous=True))
    desk.execute(AskForMore((items[5].id,)))
    desk.execute(AddTask(desk.actor.dossier, "Rappeler le Groupe Talvance", desk.clock.today()))
    rule = {"consultant": desk.actor.email, "position": "comptab*"}
    desk.execute(ChangeSetting("triage.rules", json.dumps([rule])))
    desk.close()
    return home


def colours(picture: QImage) -> int:
    """How many are seen where a fine grid falls."""
    across, down = range(0, picture.width(), 7), range(0, picture.height(), 7)
    return len({picture.pixel(x, y) for x in across for y in down})


# Each language and each look at every run, all four in the longer gates.
@pytest.mark.parametrize(
    ("lang", "look"),
    [
        ("fr", "light"),
        ("en", "dark"),
        pytest.param("fr", "dark", marks=pytest.mark.slow),
        pytest.param("en", "light", marks=pytest.mark.slow),
    ],
)
def test_no_screen_has_a_fault(lived_in: Path, full_home, lang: str, look: str) -> None:
    seen: set[str] = set()
    faults: list[str] = []

    def see(screen: pictures.Screen) -> None:
        seen.add(screen.name)
        faults.extend(f"{screen.file}: {fault}" for fault in screens.faults(screen.widget))
        if colours(screens.grab(screen.widget).toImage()) < 4:
            faults.append(f"{screen.file}: nothing is drawn")

    parts = Parts(lived_in, unlocked=full_home.unlocked)
    pictures.visit(parts, see, [lang], [look])
    assert faults == []
    assert seen >= PLACES | OVER | DOORS | EMPTY
    assert speech.words().lang == "fr", "the language of before is given back"


def test_pictures_are_written_and_named(lived_in: Path, full_home, tmp_path: Path) -> None:
    parts = Parts(lived_in, unlocked=full_home.unlocked)
    written = pictures.write(parts, tmp_path / "images", ["fr"], ["light"], [(1280, 720)])
    assert all(path.is_file() for path in written)
    assert len(set(written)) == len(written)
    today = next(path for path in written if path.name == "today-fr-light-1280x720.png")
    image = QImage(str(today))
    assert (image.width(), image.height()) == (1280, 720)
    assert {path.name.split("-fr-")[0] for path in written} >= PLACES | OVER | DOORS | EMPTY


@pytest.mark.parametrize("look", pictures.LOOKS)
def test_every_pair_of_colours_can_be_read(look: str) -> None:
    assert screens.poor_contrast(theme.named(look).tokens) == []


def test_a_window_draws_for_the_self_test(qapp) -> None:
    assert pictures.window_draws() == ""


# What the checks catch.


def shown(qtbot, widget: QWidget, size: tuple[int, int] = (300, 200)) -> QWidget:
    qtbot.addWidget(widget)
    screens.prepare(widget, size)
    return widget


def test_a_clipped_text_is_found(qtbot) -> None:
    holder = QWidget()
    text = Text("Un texte beaucoup trop long pour la place qu’il a", parent=holder)
    text.setGeometry(0, 0, 60, 20)
    assert screens.clipped(shown(qtbot, holder))
    text.setGeometry(0, 0, 290, 40)
    text.setWordWrap(True)
    assert not screens.clipped(holder)


def test_what_lies_on_another_is_found_and_what_floats_is_not(qtbot) -> None:
    holder = QWidget()
    for place in (10, 20):
        label = QLabel("ici", holder)
        label.setGeometry(place, 10, 50, 20)
    shown(qtbot, holder)
    assert screens.overlapping(holder)
    holder.findChildren(QLabel)[1].setProperty("floats", True)
    assert not screens.overlapping(holder)


def test_what_is_cut_by_the_edge_is_found(qtbot) -> None:
    holder = QWidget()
    QLabel("dehors", holder).setGeometry(280, 10, 60, 20)
    assert screens.outside(shown(qtbot, holder))


def test_an_empty_label_and_a_nameless_control_are_found(qtbot) -> None:
    holder = QWidget()
    QLabel("", holder).setGeometry(0, 0, 50, 20)
    QPushButton("", holder).setGeometry(0, 40, 50, 20)
    QLineEdit(holder).setGeometry(0, 80, 50, 20)
    shown(qtbot, holder)
    assert len(screens.empty_texts(holder)) == 2
    assert len(screens.nameless(holder)) == 2


def test_a_button_that_tab_never_meets_is_found(qtbot) -> None:
    from PySide6.QtCore import Qt

    holder = QWidget()
    button = Button("Caché", parent=holder)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert screens.unreachable(shown(qtbot, holder))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert not screens.unreachable(holder)


def test_poor_contrast_is_found() -> None:
    grey = theme.Tokens(ink_soft="#bbbbbb")
    assert any("ink_soft" in fault for fault in screens.poor_contrast(grey))


# Sentences.


def test_every_sentence_that_a_screen_names_exists_in_both_languages() -> None:
    named: dict[str, str] = {}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for key in re.findall(r'\bsay\(\s*"([a-z_]+\.[a-z0-9_]+)"', path.read_text("utf-8")):
            named[key] = path.name
    assert len(named) > 200
    for lang in LANGUAGES:
        known = keys(lang)
        missing = {key: where for key, where in named.items() if key not in known}
        assert missing == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_rights_roles_and_places_exist(lang: str) -> None:
    from clementine_crm.domain.agency import Role
    from ui.places import ROOMS

    known = keys(lang)
    assert all(f"roles.{role}" in known for role in Role)
    assert all(f"shell.{room.name}" in known for room in ROOMS if not room.under)


def test_a_longer_language_clips_nothing_of_the_doors(qtbot, qapp) -> None:
    from ui import pictures_of
    from ui.jobs import Runner

    speech.speak(speech.StretchedWords("fr"))
    faults: list[str] = []
    try:
        for door in pictures_of.DOORS:
            runner = Runner()
            page = door.make(runner)
            screens.prepare(page, (1280, 720))
            faults += [f"{door.name}: {fault}" for fault in screens.clipped(page)]
            page.close()
            runner.quit()
    finally:
        speech.speak(Words("fr"))
    assert faults == []
