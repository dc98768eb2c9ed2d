"""One window a home: a second start raises the first and ends."""

from __future__ import annotations

import getpass
import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS = 500
_RAISE = b"raise\n"


def name_of(home: Path) -> str:
    """The name under which the window of a home is found: the user's and the place's, hashed."""
    where = f"{getpass.getuser()}\n{os.path.normcase(os.path.realpath(home))}"
    return "clementine-" + hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class SingleWindow(QObject):
    """Signal: ``raised()`` when another start asked for this window."""

    raised = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name_of(home)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Be the one window; False when there is one already, which was asked to come forward."""
        if self._ask_first():
            return False
        if self._server.listen(self._name):
            return True
        # A name left behind by a program that was killed; or somebody was quicker just now.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name) or not self._ask_first()

    def release(self) -> None:
        """Let another window open this home."""
        self._server.close()

    def _ask_first(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        socket.write(_RAISE)
        socket.waitForBytesWritten(ANSWER_MS)
        socket.disconnectFromServer()
        return True

    def _greet(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            self.raised.emit()
