"""The screens of the gallery. Persons and firms are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.errors import AuthRequired, Busy
from ui.context import UiContext
from ui.errors import explain
from ui.jobs import Runner
from ui.pages.base import Action, Foot, Page
from ui.pages.first_start import FirstStart
from ui.pages.unlock import Unlock
from ui.ports import Person
from ui.shell import Place, Shell
from ui.speech import words
from ui.widgets.bars import NextRightAction, ProgressCard, StackedBar, ToastPanel, UndoPanel
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card, FactRow
from ui.widgets.chart import Bar, BarChart
from ui.widgets.chip import Chip, FilterChip
from ui.widgets.consent_strip import Consent, ConsentStrip
from ui.widgets.empty import EmptyState
from ui.widgets.error_bar import ErrorBar, Problem
from ui.widgets.field import Choice, Field, Mark
from ui.widgets.figure import Figure
from ui.widgets.rows import CELL, QUEUE, ROW, TWO_LINES, Cell, CellTable, ChipSpec, Row, RowList
from ui.widgets.tabs import Tabs
from ui.widgets.text import Text
from ui.widgets.timeline import Event, Timeline

TWENTY_FOUR = [
    "lavande",
    "crayon",
    "mistral",
    "bocage",
    "tambour",
    "orchidée",
    "falaise",
    "lucarne",
    "noisette",
    "verger",
    "panier",
    "horloge",
    "sentier",
    "écume",
    "carrefour",
    "violon",
    "lanterne",
    "moisson",
    "ruche",
    "granit",
    "hirondelle",
    "fougère",
    "marelle",
    "cadran",
]
_PAIRS = {
    "keep": ("Garder", "Keep"), "write": ("Écrire…", "Write…"),
    "drop": ("Écarter et effacer", "Discard and erase"), "later": ("Plus tard", "Later"),
    "proof": ("Voir la preuve", "See the evidence"), "sign": ("Signer", "Sign"),
    "why": ("Il reste 23 éléments", "23 items are left"), "board": ("Tableau", "Board"),
    "erase6": ("Effacer 6 personnes", "Erase 6 persons"), "filter": ("Filtre", "Filter"),
    "site": ("Site", "Site"), "today": ("aujourd’hui", "today"),
    "agreed": ("Accord recueilli", "Agreement recorded"), "due": ("avant le 2 déc.", "by 2 Dec."),
    "refused": ("refusée", "refused"), "known": ("Déjà connu ?", "Already known?"),
    "near": ("Lyon + 20 km", "Lyon + 20 km"), "mail": ("Courriel", "E-mail"),
    "town": ("Ville", "Town"), "phone": ("Téléphone", "Phone"),
    "digits": ("Il manque deux chiffres.", "Two digits are missing."),
    "agency": ("Une agence", "An agency"), "join": ("Rejoindre", "Join"),
    "kept": ("Peut être conservée jusqu’au 12 mars 2027", "May be kept until 12 March 2027"),
    "from": ("accord du 12 mars 2026", "agreement of 12 March 2026"),
    "ask": ("une demande, le 13 mars 2027", "one request, 13 March 2027"),
    "end": ("effacement 14 avr.", "erasure 14 Apr."),
    "evidence": ("Formulaire du site, case cochée par elle, texte v3.",
                 "Form of the site, box ticked by her, text v3."),
    "now": ("Maintenant : la proposer pour REF-2214", "Now: propose her for REF-2214"),
    "reason": ("8 critères sur 9, et son accord couvre Banque Horizon.",
               "8 criteria of 9, and her agreement covers Banque Horizon."),
    "reading": ("Lecture de 1 180 CV", "Reading 1,180 CVs"),
    "read": ("742 lus, 3 illisibles mis de côté", "742 read, 3 unreadable set aside"),
    "gone": ("Candidature de Léo Fabre écartée", "Application of Léo Fabre discarded"),
    "saved": ("Certificat enregistré", "Certificate saved"), "open": ("Ouvrir", "Open"),
    "thread": ("Fil", "Thread"), "messages": ("Messages", "Messages"), "notes": ("Notes", "Notes"),
    "call": ("Appel de Julien Marchetti", "Call by Julien Marchetti"),
    "call_text": ("Ouverte à un poste d’encadrement, préavis négociable à deux mois.",
                  "Open to a managing post, notice negotiable to two months."),
    "new_cv": ("CV mis à jour par elle", "CV updated by her"),
    "week": ("Candidatures par semaine", "Applications per week"),
    "sort": ("à trier", "to sort"), "sort_note": ("dont 4 déjà connus", "4 of them known"),
    "all_sorted": ("Tout est trié.", "Everything is sorted."),
    "fact": ("39 candidatures cette semaine : 17 gardées, 20 écartées.",
             "39 applications this week: 17 kept, 20 discarded."),
    "next": ("Prochaine lecture de la messagerie à 9 h 50.", "Next reading of the mailbox at 9:50."),
    "drop_cv": ("Déposer des CV ici", "Drop CVs here"),
    "formats": ("PDF, Word, OpenDocument, image", "PDF, Word, OpenDocument, image"),
    "person": ("Personne", "Person"), "passage": ("Passage trouvé", "Passage found"),
    "until": ("Peut être conservée", "May be kept"),
    "read_facts": ("Ce que nous avons lu", "What we read"), "correct": ("Corriger", "Correct"),
    "role": ("Recruteuse", "Recruiter"), "triage": ("Triage de la semaine", "Triage of the week"),
    "sub": ("Ce que vous écartez disparaît aussitôt et devient illisible partout sous 72 h.",
            "What you discard disappears at once and is unreadable everywhere within 72 h."),
    "mission": ("Garder pour une mission…", "Keep for a mission…"),
    "more": ("Demander un complément…", "Ask for more…"),
    "saved_at": ("Sauvegarde vérifiée à 7 h 30", "Backup verified at 7:30"),
    "nas": ("NAS absent : 14 gardés ici", "NAS absent: 14 kept here"),
}  # fmt: skip


def _(key: str) -> str:
    return _PAIRS[key][words().lang != "fr"]


class Rows(QAbstractListModel):
    """Invented persons, as a list."""

    data_rows = (
        Row("Amélie Durand", "Ingénieure data · REF-2214", "Site", "globe", "9 h 41"),
        Row("Karim Benali", "Chef de projet SI", "Outlook", "mail", "9 h 12",
            chip=ChipSpec("Déjà connu ?", "care")),
        Row("Solène Le Gall", "Consultante SIRH", "Outlook", "mail", "hier"),
    )  # fmt: skip

    @override
    def rowCount(self, parent: object = None) -> int:
        return len(self.data_rows)

    @override
    def data(self, index: object, role: int = 0) -> object:
        if isinstance(index, QModelIndex) and role in (ROW, Qt.ItemDataRole.DisplayRole):
            row = self.data_rows[index.row()]
            return row if role == ROW else row.title
        return None


class Cells(QAbstractTableModel):
    """The same, as a table with lit words."""

    lines = (
        (Cell("Claire Aubry", "Lead data engineer"),
         Cell("plateforme Spark, Python", marks=((11, 5), (18, 6))), Cell("Lyon"),
         Cell(chip=ChipSpec("12 mars 2027", "good", "check"))),
        (Cell("Fatou Ndiaye", "Ingénieure ML"), Cell("Spark ML, images", marks=((0, 5),)),
         Cell("Lyon"), Cell(chip=ChipSpec("14 déc. 2026", "care", "clock"))),
    )  # fmt: skip

    @override
    def rowCount(self, parent: object = None) -> int:
        return len(self.lines)

    @override
    def columnCount(self, parent: object = None) -> int:
        return 4

    @override
    def data(self, index: object, role: int = 0) -> object:
        if isinstance(index, QModelIndex) and role in (CELL, Qt.ItemDataRole.DisplayRole):
            cell = self.lines[index.row()][index.column()]
            return cell if role == CELL else cell.text
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return [_("person"), _("passage"), _("town"), _("until")][section]
        return None


def _line(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def consent() -> Consent:
    """The strip of the pictures."""
    return Consent("good", _("kept"), date(2026, 3, 12), date(2027, 3, 13), date(2027, 4, 14),
                   date(2026, 11, 19), _("from"), _("ask"), _("end"), _("evidence"))  # fmt: skip


def buttons_and_fields() -> QVBoxLayout:
    """The left column."""
    column = QVBoxLayout()
    column.setSpacing(10)
    focused, greyed = Button(_("write"), key="E"), Button(_("sign"))
    greyed.set_reason(_("why"))
    column.addWidget(_line(
        Button(_("keep"), "filled", icon="check", key="G"), focused,
        Button(_("drop"), "danger", key="E"), Button(_("later"), "quiet", key="P"),
    ))  # fmt: skip
    column.addWidget(_line(
        greyed, Button(_("board"), "on", icon="list", height=32),
        Button(_("erase6"), "danger_filled"),
        Button(_("filter"), icon="plus", key="F", height=28),
        Button(_("proof"), "link"), IconButton("phone", _("phone"), key="A"),
    ))  # fmt: skip
    column.addWidget(_line(
        Chip(_("site"), icon="globe"), Chip(_("today"), "accent"), Chip(_("agreed"), "good"),
        Chip(_("due"), "care"), Chip(_("refused"), "stop"), Chip(_("known"), "care", icon=""),
        FilterChip(_("near"), "pin"),
    ))  # fmt: skip
    fields = QHBoxLayout()
    fields.setSpacing(12)
    phone = Field(_("phone"), text="06 39 98 40")
    phone.set_error(_("digits"))
    for field in (Field(_("mail"), icon="mail", text="claire.aubry@example.org"),
                  Field(_("town"), ghost="Lyon 3e"), phone):  # fmt: skip
        fields.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    column.addLayout(fields)
    marks = _line(
        Mark(_("keep"), checked=True), Mark(_("later")), Mark(_("agency"), "radio", checked=True),
        Mark(_("join"), "radio"), Choice(_("town"), [("Lyon + 20 km", 1), ("Paris", 2)]),
    )  # fmt: skip
    column.addWidget(marks)
    table = CellTable(_("person"), TWO_LINES)
    table.setModel(Cells(table))
    for at, wide in enumerate((150, 180, 80)):
        table.setColumnWidth(at, wide)
    table.selectRow(0)
    table.setFixedHeight(34 + 2 * TWO_LINES)
    card = Card(flush=True)
    card.body.addWidget(table)
    column.addWidget(card)
    column.addWidget(ConsentStrip(consent(), link=_("proof")))
    progress = ProgressCard(_("reading"), lambda: None)
    progress.progress(742, 1180, _("read"))
    column.addWidget(progress)
    undo = UndoPanel(_("gone"), lambda: None)
    undo.set_left(7, 10)
    column.addWidget(_line(undo, ToastPanel(_("saved"), _("open"), lambda: None)))
    column.addStretch(1)
    return column


def lists_and_figures() -> QVBoxLayout:
    """The right column."""
    column = QVBoxLayout()
    column.setSpacing(10)
    column.addWidget(NextRightAction(_("now"), _("reason"), "P"))
    figures = QHBoxLayout()
    figures.setSpacing(12)
    figures.addWidget(Figure("triage", "23", _("sort"), _("sort_note")))
    figures.addWidget(Figure("check", "0", _("sort"), _("sort_note"), tone="good"))
    column.addLayout(figures)
    thread = Card(_("thread"), count="2", trailing=Button(_("open"), "link", height=28))
    thread.body.addWidget(Tabs([(_("thread"), ""), (_("messages"), "6"), (_("notes"), "4")]))
    thread.body.addWidget(Timeline((
        Event("phone", _("call"), "17/11, 16:20", _("call_text"), fresh=True),
        Event("file", _("new_cv"), "02/11"),
    )))  # fmt: skip
    column.addWidget(thread)
    facts = Card(_("read_facts"), trailing=Button(_("correct"), "link", key="F2", height=28))
    facts.body.setSpacing(0)
    facts.body.addWidget(FactRow(_("mail"), "amelie.durand@example.org", "site"))
    facts.body.addWidget(FactRow(_("phone"), "+33 6 39 98 12 34", "CV l. 2", lit=True))
    column.addWidget(facts)
    queue = RowList(_("sort"), QUEUE)
    queue.setModel(Rows(queue))
    queue.setCurrentIndex(queue.model().index(0, 0))
    queue.setFixedHeight(3 * QUEUE)
    holder = Card(_("sort"), count="3", flush=True)
    holder.body.addWidget(queue)
    column.addWidget(holder)
    chart = Card(_("week"))
    values = (31, 42, 28, 55, 39, 47, 61, 39)
    bars = [Bar(f"S {39 + n}", v, n == len(values) - 1) for n, v in enumerate(values)]
    chart.body.addWidget(BarChart(_("week"), bars))
    parts = ((4812, "good_bar", "a"), (131, "care_bar", "b"), (44, "stop_bar", "c"))
    chart.body.addWidget(StackedBar(parts))
    column.addWidget(chart, 1)
    return column


def components() -> QWidget:
    """Every control at once."""
    inner = QWidget()
    inner.setAutoFillBackground(True)
    whole = QVBoxLayout(inner)
    whole.setContentsMargins(24, 14, 24, 14)
    error = ErrorBar()
    error.show_problem(Problem(explain(AuthRequired("x"), words()), retry=lambda: None))
    error.show_problem(Problem(explain(Busy("y"), words())))
    whole.addWidget(error)
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.addLayout(buttons_and_fields(), 0, 0)
    grid.addLayout(lists_and_figures(), 0, 1)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    whole.addLayout(grid)
    return inner


class _Triage(Page):
    @override
    def refresh(self) -> None:
        self.set_title(_("triage"), _("sub"))

    @override
    def foot(self) -> Foot:
        return Foot(
            Action(_("keep"), self.refresh, "G", "check"),
            (Action(_("mission"), self.refresh, "M"), Action(_("more"), self.refresh, "D"),
             Action(_("later"), self.refresh, "P")),
            Action(_("drop"), self.refresh, "E", danger=True),
        )  # fmt: skip


class _Empty(_Triage):
    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        step = Figure("upload", "", _("drop_cv"), _("formats"), key="O", height=62)
        self.content.addWidget(EmptyState(_("all_sorted"), _("fact"), [step], _("next")))


def shell() -> QWidget:
    """The window with an empty triage."""
    runner = Runner()

    def nothing(_command: object) -> None:
        raise NotImplementedError

    ctx = UiContext(execute=nothing, reader=lambda: None, words=words(), runner=runner)  # type: ignore[arg-type] # never asked
    window = Shell(ctx, person="Camille Roux", role=_("role"))
    runner.setParent(window)
    for name, icon in (("today", "today"), ("triage", "triage"), ("candidates", "people"),
                       ("missions", "mission"), ("clients", "client"), ("import", "upload")):  # fmt: skip
        window.add_place(Place(name, icon, f"shell.{name}", _Empty))
    window.add_place(Place("administration", "admin", "shell.administration", _Empty, low=True))
    window.go("triage")
    window.rail.places["triage"].set_count(23)
    window.set_state("sync", _("nas"), "care", "wifi-off")
    window.set_state("backup", _("saved_at"))
    window.floating.show_undo(_("gone"), lambda: None)
    return window


def shell_error() -> QWidget:
    """The same with the error bar."""
    window = shell()
    assert isinstance(window, Shell)
    window.floating.flush()
    window.show_error(AuthRequired("x"), retry=lambda: None)
    return window


def shell_keys() -> QWidget:
    """The keys of the screen."""
    window = shell()
    assert isinstance(window, Shell)
    window.floating.flush()
    window.resize(1280, 720)
    window.show_keys()
    return window


@dataclass(frozen=True)
class _Camille:
    email: str = "camille.roux@example.org"
    name: str = "Camille Roux"


class _Port:
    """Answers like the keys would, at once."""

    persons: Sequence[Person] = (_Camille(),)
    key_store = "Windows"
    remembered = False

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]:
        """Some of the rules."""
        return (
            ("length", len(password) >= 12), ("lower", password != password.upper()),
            ("upper", password != password.lower()), ("digit", any(c.isdigit() for c in password)),
            ("special", not password.isalnum() and bool(password)),
            ("leaked", bool(password)), ("personal", not any(a in password for a in about)),
        )  # fmt: skip

    def create(self, agency: str, name: str, email: str, password: str) -> Sequence[str]:  # noqa: ARG002 (a stand-in)
        """Words that open nothing."""
        return TWENTY_FOUR

    def confirm(self) -> None:
        """Nothing."""

    def unlock(self, email: str, password: str, remember: bool) -> None:
        """Nothing."""

    def recover(self, email: str, words: Sequence[str], password: str) -> None:
        """Nothing."""


def _first() -> FirstStart:
    runner = Runner()
    page = FirstStart(_Port(), runner, version="0.1.0", places=(4, 11, 19))
    runner.setParent(page)
    page.agency.agency.set_text("Cabinet Horizon")
    page.you.name.set_text("Nadia Ferrand")
    page.you.email.set_text("nadia.ferrand@example.org")
    return page


def first_password() -> QWidget:
    """The password step, half typed."""
    page = _first()
    page.forward()
    page.forward()
    page.password.pair.first.set_text("Orage-tranquille")
    return page


def first_key() -> QWidget:
    """The 24 words, two of three copied back."""
    page = _first()
    page.show_words(TWENTY_FOUR)
    if page.key is not None:
        page.key.by_hand.click()
        page.key.answers[0].set_text("bocage")
        page.key.answers[1].set_text("panier")
    return page


def unlock() -> QWidget:
    """The door."""
    runner = Runner()
    page = Unlock(_Port(), runner)
    runner.setParent(page)
    return page


def recovery() -> QWidget:
    """Forgotten."""
    page = unlock()
    assert isinstance(page, Unlock)
    page.words.setPlainText(" ".join(TWENTY_FOUR[:20]))
    page.show_recovery()
    return page


def headline() -> QWidget:
    """Type sizes."""
    page = QWidget()
    column = QVBoxLayout(page)
    for role in ("figure", "person", "page_title", "dialog_title", "card_title", "body", "note"):
        column.addWidget(Text(f"Claire Aubry 0123456789 · {role}", role))
    return page


SCREENS = {
    "components": components, "shell": shell, "shell-error": shell_error,
    "shell-keys": shell_keys, "first-start": _first, "first-password": first_password,
    "first-key": first_key, "unlock": unlock, "recovery": recovery, "type": headline,
}  # fmt: skip
SIZES = {"components": ((1440, 1240),), "type": ((640, 400),)}
