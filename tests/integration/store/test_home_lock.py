"""One guarded piece of work at a time, over two real processes."""

import signal
import subprocess
import sys

import pytest

from clementine_crm.errors import Busy, StorageError
from clementine_crm.store.home import Home

HOLD = """
import sys
from pathlib import Path
from clementine_crm.store.home import Home
with Home(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_comer_is_told_at_once(tmp_path):
    home = Home(tmp_path)
    with home.locked():
        with pytest.raises(Busy) as caught, home.locked():
            pass
        assert (caught.value.key, caught.value.exit_code) == ("home_busy", 4)
    with home.locked():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_another_process_holds_it_until_it_dies(tmp_path):
    home = Home(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(Busy), home.locked():
            pass
        other.send_signal(signal.SIGKILL)
        other.wait(10)
        with home.locked():
            pass


def test_a_failure_inside_lets_go(tmp_path):
    home = Home(tmp_path)
    with pytest.raises(ZeroDivisionError), home.locked():
        raise ZeroDivisionError
    with home.locked():
        pass


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(StorageError, match="home_missing"):
        Home(tmp_path / "nowhere").require()
    (tmp_path / "keys.backup.json").write_text("{}")
    with pytest.raises(StorageError, match="base_missing"):
        Home(tmp_path).require()
    with pytest.raises(StorageError, match="home_unwritable"), Home(tmp_path / "no").locked():
        pass
