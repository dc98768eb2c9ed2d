"""Where a desktop keeps everything, who may work there now, and which places are refused."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from clementine_crm.errors import StorageError
from clementine_crm.store import locks
from clementine_crm.store.placement import surroundings, why_refused


def default_home() -> Path:
    """``CLEMENTINE_HOME``, otherwise the user's own data folder on this machine."""
    given = os.environ.get("CLEMENTINE_HOME")
    if given:
        return Path(given)
    return Path(platformdirs.user_data_dir("Clementine CRM", appauthor=False, roaming=False))


@dataclass(frozen=True)
class Home:
    """The folder of one desktop's base, keys, documents and logs."""

    folder: Path

    @property
    def base(self) -> Path:
        return self.folder / "base.db"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    @property
    def backups(self) -> Path:
        """Copies made before a migration."""
        return self.folder / "backups"

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def lock_file(self) -> Path:
        return self.folder / "home.lock"

    def check_place(self) -> None:
        """StorageError ``home_on_network`` or ``home_in_synced_folder`` (folder, kind)."""
        # realpath: a link to a share is the share.
        real = Path(os.path.realpath(self.folder))
        refusal = why_refused(real, surroundings())
        if refusal is not None:
            raise StorageError(refusal.key, folder=str(self.folder), kind=refusal.kind)

    def prepare(self) -> None:
        """Make the folders, readable by their owner alone; refuses a bad place first."""
        self.check_place()
        try:
            for folder in (self.folder, self.documents, self.backups, self.journal, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise StorageError("home_unwritable", folder=str(self.folder)) from None

    def require(self) -> None:
        """StorageError ``home_missing`` where no home is, ``base_missing`` where keys stand alone."""
        if not self.base.exists():
            keys = self.keys.exists() or self.keys.with_name("keys.backup.json").exists()
            raise StorageError("base_missing" if keys else "home_missing", folder=str(self.folder))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home for daily run, synchronisation, backup or migration.

        Busy ``home_busy`` at once for the second comer. The system lets go when a process dies.
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locks.held(self.lock_file, "home_busy"))
            except OSError:
                raise StorageError("home_unwritable", folder=str(self.folder)) from None
            yield
