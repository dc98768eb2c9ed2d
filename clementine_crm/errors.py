"""Every failure the product can tell a person about, and nothing else.

An error carries a *key* into ``resources/words`` and the parameters of its sentence; the words are
chosen where they are shown (the screen or the command line). Anything that is not a
``ClementineError`` is a bug of ours.
"""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override


class ClementineError(Exception):
    """A failure with a sentence: ``key`` names it in ``resources/words``, ``params`` fill it.

    ``exit_code`` is what the command line returns (2 wrong usage, 3 refused, 4 something outside
    failed); ``retryable`` says that the same act may succeed later unchanged.
    """

    exit_code: ClassVar[int] = 3
    retryable: ClassVar[bool] = False

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params

    @override
    def __str__(self) -> str:
        return self.key


class UsageError(ClementineError):
    """The command was written wrongly."""

    exit_code = 2


class ValidationError(ClementineError):
    """A value cannot be accepted; ``field`` names where it is shown."""

    exit_code = 2

    def __init__(self, key: str, *, field: str = "", **params: object) -> None:
        super().__init__(key, field=field, **params)
        self.field = field


class NotFound(ClementineError):
    """Nothing stands under the given id or name."""

    exit_code = 2


class RuleViolation(ClementineError):
    """A rule of the law or of the house forbids it."""


class NotAllowed(ClementineError):
    """The acting user lacks the right."""


class StaleData(ClementineError):
    """The value was changed by somebody else since it was read."""


class StorageError(ClementineError):
    """The base cannot be used as it stands."""

    exit_code = 4


class WrongKey(StorageError):
    """The password, recovery key or base key does not open it."""

    exit_code = 3


class Busy(StorageError):
    """Another process holds what this one needs."""

    retryable = True


class DiskFull(StorageError):
    """No room left; the transaction was taken back whole."""

    retryable = True


class SchemaTooNew(StorageError):
    """A newer program wrote this base."""


class Corrupt(StorageError):
    """A page, file or signature does not verify."""


class ExternalError(ClementineError):
    """Something outside the desk failed; nothing was lost."""

    exit_code = 4
    retryable = True


class AuthRequired(ExternalError):
    """The outside asks to sign in again."""

    retryable = False


class Offline(ExternalError):
    """The outside does not answer."""


class BadResponse(ExternalError):
    """The outside answered something that cannot be understood."""


class PluginError(ClementineError):
    """A plugin failed and is set aside; the program goes on."""

    exit_code = 4

    def __init__(self, key: str, *, plugin: str, **params: object) -> None:
        super().__init__(key, plugin=plugin, **params)
        self.plugin = plugin


class Cancelled(ClementineError):
    """The user stopped it between two items."""

    exit_code = 1
