"""What the set-up reads about the machine: packages of Debian, settings of pip, words of failure."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from clementine_crm.words import Words
from installer import pip_settings, system, trouble
from installer.targets import alone, language

ROOT = Path(__file__).resolve().parents[2]
DPKG = (
    "installed\tlibegl1\t\n"
    "installed\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84.4-3~deb13u1)\n"
    "config-files\tlibgl1\t\n"
    "installed\tmail-transport\tdefault-mta, mail-agent (= 2)\n"
)


def test_a_package_counts_when_it_or_its_heir_is_installed() -> None:
    found = system.provided(DPKG)
    assert {"libegl1", "libglib2.0-0", "libglib2.0-0t64", "default-mta", "mail-agent"} <= found
    assert "libgl1" not in found


def test_lists_hold_one_name_a_line_and_remarks(tmp_path: Path) -> None:
    listed = tmp_path / "packages.txt"
    listed.write_text("# windows\nlibegl1  # Qt\n\nlibgl1\n", "utf-8")
    assert system.wanted(listed) == ["libegl1", "libgl1"]


@pytest.mark.parametrize("name", ["packages.txt", "packages-windows.txt"])
def test_our_lists_can_be_read(name: str) -> None:
    found = system.wanted(ROOT / ".ci" / name)
    assert found
    assert len(found) == len(set(found))


def test_without_root_the_line_to_run_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "packages.txt"
    listed.write_text("a-package-nobody-has\n", "utf-8")
    monkeypatch.setattr(system, "is_root", lambda: False)
    if not system.missing(listed):
        pytest.skip("this machine has no dpkg")
    with pytest.raises(trouble.SetUpError) as caught:
        system.install(listed, lambda key, **params: pytest.fail(key))
    sentence = Words("fr")(f"errors.{caught.value.key}", **caught.value.params)
    assert sentence.endswith("sudo apt-get install --no-install-recommends -y a-package-nobody-has")


def test_the_way_to_the_packages_is_kept_and_the_particular_wins() -> None:
    listing = (
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='a b'\n"
        "global.user='true'\n"
        "install.find-links='/wheels'\n"
        ":env:.index-url='https://other.example/simple'\n"
        ":env:.target='/x'\n"
        "freeze.timeout='1'\n"
    )
    assert pip_settings.roads(listing) == {
        "index-url": "https://other.example/simple",
        "extra-index-url": "a b",
        "find-links": "/wheels",
    }


def test_pip_sees_the_kept_settings_and_no_other() -> None:
    given = {"PIP_TARGET": "/x", "pip_user": "1", "PYTHONPATH": "/y", "HTTPS_PROXY": "p"}
    assert pip_settings.environment({"no-index": "1", "retries": "7"}, given) == {
        "HTTPS_PROXY": "p",
        "PIP_NO_INDEX": "1",
        "PIP_RETRIES": "7",
        "PIP_CONFIG_FILE": os.devnull,
    }


# As pip 23 and apt wrote them on a machine without a network, without room, without a package.
SAID = {
    "setup_no_network": (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip."
        "_vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection:"
        " [Errno -3] Temporary failure in name resolution')': /simple/alembic/\n"
        "ERROR: Could not find a version that satisfies the requirement alembic==1.20.1\n"
        "ERROR: No matching distribution found for alembic==1.20.1"
    ),
    "setup_disk_full": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    ),
    "setup_hash": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have "
    ),
    "setup_not_offered": "ERROR: No matching distribution found for sqlcipher3==0.6.4",
    "setup_not_writable": "ERROR: Could not install packages due to an OSError: [WinError 5]",
}


@pytest.mark.parametrize(("key", "said"), SAID.items())
def test_each_failure_has_its_sentence(key: str, said: str) -> None:
    assert trouble.from_words(said, "log").key == key


def test_an_unknown_failure_repeats_the_tools_own_line() -> None:
    error = trouble.from_words("Reading…\nE: Unable to locate package x\nnote: y", "apt-get")
    assert (error.key, error.params["reason"]) == ("setup_failed", "E: Unable to locate package x")


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "setup_disk_full"),
        (errno.EACCES, "setup_not_writable"),
        (errno.EIO, "setup_failed"),
    ],
)
def test_failures_of_the_disk_have_theirs(number: int, key: str) -> None:
    assert trouble.from_os(OSError(number, os.strerror(number), "/x")).key == key


@pytest.mark.parametrize(
    ("settings", "lang"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "fr_FR"}, "fr"),
        ({"LANG": "fr_FR", "CLEMENTINE_LANG": "en"}, "en"),
    ],
)
def test_french_unless_the_machine_speaks_english(
    settings: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLEMENTINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language() == lang


def test_two_set_ups_of_a_tree_follow_each_other(tmp_path: Path) -> None:
    class Waited(Exception):  # noqa: N818
        pass

    def waiting() -> None:
        raise Waited

    lock = tmp_path / "lock"
    with alone(lock, waiting), pytest.raises(Waited), alone(lock, waiting):
        pass
    with alone(tmp_path / "lock", waiting):
        pass
