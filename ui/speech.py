"""The language of the screen: one for the whole window, as Qt's own default locale is.

Pages take ``ctx.words``; the controls below them ask here for the few words of their own
(Annuler, Réessayer, the names of keys), so that a button needs no catalogue to be built.
"""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from clementine_crm.words import Words

_words: list[Words] = []
_translators: list[QTranslator] = []


def speak(words: Words) -> None:
    """Set the language of the screen: our catalogue, Qt's dates and numbers, Qt's own sentences."""
    _words[:] = [words]
    french = words.lang == "fr"
    QLocale.setDefault(
        QLocale(QLocale.Language.French, QLocale.Country.France)
        if french
        else QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    )
    app = QApplication.instance()
    if app is None:
        return
    for old in _translators:
        app.removeTranslator(old)
    _translators.clear()
    if french:
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_fr", folder):
            app.installTranslator(translator)
            _translators.append(translator)


def words() -> Words:
    """The catalogue on screen."""
    if not _words:
        _words.append(Words("fr"))
    return _words[0]


def say(key: str, **params: object) -> str:
    """One sentence of the catalogue on screen."""
    return words()(key, **params)


class StretchedWords(Words):
    """A language that does not exist: every sentence 40 % longer, to find what would be clipped."""

    @override
    def __call__(self, key: str, /, **params: object) -> str:
        plain = super().__call__(key, **params)
        extra = (len(plain) * 4 + 9) // 10
        return plain + "·" * extra if " " not in plain else plain + " " + "ôn " * (extra // 3)
