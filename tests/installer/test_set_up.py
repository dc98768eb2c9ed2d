"""``make setup`` for real: a tree of its own, a folder of wheels instead of a network."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("needed-one", "needed-two", "needed-three")
WHOLE = {"needed_one", "needed_two", "needed_three"}


def wheel(folder: Path, name: str, version: str = "1.0") -> Path:
    """A real wheel of one module."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text.encode())}\n"
    target = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in [*files.items(), (f"{info}/RECORD", f"{record}{info}/RECORD,,\n")]:
            archive.writestr(path, text)
    return target


class Tree:
    """A working tree with only what the set-up needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "Été à Nîmes, l’agence" / "crm"
        self.wheels = folder / "wheels"

    def fill(self) -> None:
        self.wheels.mkdir()
        shutil.copytree(ROOT / "installer", self.folder / "installer")
        shutil.copytree(ROOT / "resources" / "words", self.folder / "resources" / "words")
        for name in ("Makefile", "clementine_crm/__init__.py", "clementine_crm/words.py"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        (self.folder / ".ci").mkdir()
        (self.folder / ".ci" / "packages.txt").write_text("# none\n", "utf-8")
        self.lock(*(wheel(self.wheels, name) for name in NAMES))

    def lock(self, *wheels: Path) -> None:
        lines = []
        for path in wheels:
            name, version = path.name.split("-")[:2]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{digest}\n")
        (self.folder / "requirements.lock").write_text("".join(lines), "utf-8")

    def make(self, target: str = "setup", **settings: str) -> subprocess.CompletedProcess[str]:
        """As a person does it, from another folder, with the settings a pip may have."""
        given = {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.run(
            ["make", "-s", "-f", str(self.folder / "Makefile"), target],
            cwd=self.wheels,
            env={**os.environ, "LC_ALL": "C.UTF-8", **given, **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def site(self) -> Path:
        (found,) = self.folder.glob(".venv/lib/python*/site-packages")
        return found

    def installed(self) -> set[str]:
        return {path.name.partition("-")[0] for path in self.site.glob("needed*.dist-info")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A tree set up once, and what that said; the tests start from copies of it."""
    folder = tmp_path_factory.mktemp("first")
    tree = Tree(folder)
    tree.fill()
    ran = tree.make()
    assert (ran.returncode, tree.installed()) == (0, WHOLE), ran.stdout + ran.stderr
    return folder, ran.stdout


@pytest.fixture
def tree(tmp_path: Path, first: tuple[Path, str]) -> Tree:
    """A set-up tree that was moved: what its ``.venv`` holds serves, but is looked over again."""
    shutil.copytree(first[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    return Tree(tmp_path)


@pytest.fixture
def bare(tree: Tree) -> Tree:
    """The same with an environment in which nothing is installed yet."""
    for path in tree.site.glob("needed*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return tree


def test_prepares_once_then_has_nothing_to_do(first: tuple[Path, str]) -> None:
    assert "Environnement prêt" in first[1]
    assert Tree(first[0]).make().stdout == "Tout est prêt, il n’y a rien à préparer.\n"


def test_its_python_knows_the_tree_and_pytest_its_settings_from_anywhere(first) -> None:
    tree = Tree(first[0])
    ask = "import json, os, sys; print(json.dumps([sys.path, os.environ['PYTEST_ADDOPTS']]))"
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_ADDOPTS"}
    ran = subprocess.run(
        [tree.folder / ".venv" / "bin" / "python", "-c", ask],
        cwd=tree.wheels,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    path, options = json.loads(ran.stdout)
    assert str(tree.folder) in path
    assert shlex.split(options) == [f"--config-file={tree.folder / 'pyproject.toml'}"]


def test_a_folder_of_samples_after_a_space_is_not_taken_for_the_tests(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--samples", str(tmp_path), "--markers"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not (Path(sysconfig.get_path("purelib")) / "clementine_tree.pth").exists():
        # Whoever installs the lock by hand has no pointer; make setup's is what is tried here.
        pytest.skip("an environment that make setup did not make")
    assert ran.returncode == 0, ran.stderr
    assert "@pytest.mark.samples" in ran.stdout


def test_odd_settings_of_pip_do_not_reach_the_environment(bare: Tree, tmp_path: Path) -> None:
    odd = tmp_path / "pip.conf"
    elsewhere = tmp_path / "elsewhere"
    odd.write_text(
        f"[global]\nuser = true\nno-binary = :all:\nrequire-virtualenv = true\n"
        f"constraint = {tmp_path}/absent.txt\n[install]\ntarget = {elsewhere}\nno-compile = 1\n",
        "utf-8",
    )
    ran = bare.make(
        PIP_CONFIG_FILE=str(odd), PIP_PREFIX=str(elsewhere), PIP_QUIET="3", PYTHONPATH=str(tmp_path)
    )
    assert (ran.returncode, bare.installed()) == (0, WHOLE), ran.stdout + ran.stderr
    assert not elsewhere.exists()


def test_goes_on_after_an_interruption_and_mends_what_was_cut(tree: Tree) -> None:
    shutil.rmtree(next(tree.site.glob("needed_one-*.dist-info")))
    (tree.site / "needed_two.py").write_text("VER", "utf-8")  # cut short
    (next(tree.site.glob("needed_three-*.dist-info")) / "RECORD").unlink()
    ran = tree.make()
    assert (ran.returncode, tree.installed()) == (0, WHOLE), ran.stdout + ran.stderr
    assert (tree.site / "needed_two.py").read_text("utf-8") == "VERSION = '1.0'\n"


@pytest.mark.slow
def test_an_environment_whose_python_is_gone_is_made_anew(tree: Tree) -> None:
    python = tree.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tree.folder / "gone")
    ran = tree.make()
    assert (ran.returncode, tree.installed()) == (0, WHOLE), ran.stdout + ran.stderr


def test_follows_the_lock_both_ways(tree: Tree) -> None:
    tree.lock(wheel(tree.wheels, "needed-one", "2.0"), wheel(tree.wheels, "needed-two"))
    assert tree.make().returncode == 0
    assert tree.installed() == {"needed_one", "needed_two"}
    assert (tree.site / "needed_one.py").read_text("utf-8") == "VERSION = '2.0'\n"


def test_an_altered_library_is_refused_in_one_sentence(bare: Tree) -> None:
    (bare.folder / "requirements.lock").write_text(
        f"needed-one==1.0 \\\n    --hash=sha256:{'0' * 64}\n", "utf-8"
    )
    ran = bare.make()
    assert ran.returncode != 0
    assert ran.stderr.startswith("Une bibliothèque reçue n’est pas celle de requirements.lock")
    assert "Traceback" not in ran.stdout + ran.stderr
    assert not (bare.folder / ".venv" / "set-up.stamp").exists()


def test_a_library_nobody_offers_is_one_sentence(bare: Tree) -> None:
    (bare.wheels / "needed_two-1.0-py3-none-any.whl").unlink()
    ran = bare.make(CLEMENTINE_LANG="en")
    assert ran.stderr.startswith("A library of requirements.lock does not exist, ready to use")


def test_says_what_each_word_does(tree: Tree) -> None:
    said = tree.make("help").stdout
    for target in ("setup", "demo", "test", "check", "windows"):
        assert f"make {target}" in said


def test_the_window_asks_for_a_screen_in_one_sentence(tree: Tree) -> None:
    blind = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"), "")
    ran = tree.make("demo", **blind)
    assert ran.returncode != 0
    assert ran.stderr.startswith("Il n’y a pas d’écran ici")


@pytest.mark.parametrize("feature", [(3, 4), (3, 6)])
def test_an_old_python_can_read_far_enough_to_be_told(feature: tuple[int, int]) -> None:
    ast.parse((ROOT / "installer/make.py").read_text("utf-8"), feature_version=feature)


def test_the_set_up_needs_no_library() -> None:
    """Before there is a ``.venv``, Python stands alone: no third-party import on the way."""
    ran = subprocess.run(
        [sys.executable, "-S", str(ROOT / "installer" / "make.py"), "help"],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
