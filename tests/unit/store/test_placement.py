"""Which places are refused, decided from fakes of both systems, then on this machine."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from clementine_crm.errors import StorageError
from clementine_crm.store import home as home_module
from clementine_crm.store.home import Home
from clementine_crm.store.placement import (
    Surroundings,
    parse_mountinfo,
    surroundings,
    why_refused,
)


def place(*, windows=False, mounts=(("/", "ext4"),), env=None, drives=None, there=None, texts=None):
    there, texts = there or {}, texts or {}
    return Surroundings(
        windows=windows,
        mounts=tuple(mounts),
        env=env or {},
        drive_type=lambda root: (drives or {}).get(root, 3),
        kind_of=lambda path: there.get(str(path), ""),
        names_in=lambda path: tuple(
            PurePosixPath(p).name for p in there if str(PurePosixPath(p).parent) == str(path)
        ),
        read=lambda path: texts.get(str(path), ""),
    )


def linux(path, **there):
    refusal = why_refused(PurePosixPath(path), place(**there))
    return refusal and (refusal.key, refusal.kind)


def windows(path, **there):
    refusal = why_refused(PureWindowsPath(path), place(windows=True, **there))
    return refusal and (refusal.key, refusal.kind)


@pytest.mark.parametrize(
    "kind", ["cifs", "smb3", "nfs", "nfs4", "9p", "fuse.sshfs", "davfs", "fuse.rclone"]
)
def test_network_mounts(kind):
    mounts = (("/", "ext4"), ("/mnt/nas", kind))
    assert linux("/mnt/nas/crm", mounts=mounts) == ("home_on_network", kind)
    assert linux("/mnt/nas", mounts=mounts) == ("home_on_network", kind)
    assert linux("/mnt/nas2/crm", mounts=mounts) is None
    assert linux("/home/anne/crm", mounts=mounts) is None


def test_the_innermost_and_latest_mount_counts():
    over = (("/", "nfs"), ("/home", "ext4"), ("/home/a", "cifs"), ("/home/a", "ext4"))
    assert linux("/srv/crm", mounts=over) == ("home_on_network", "nfs")
    assert linux("/home/b", mounts=over) is None
    assert linux("/home/a/crm", mounts=over) is None


def test_mountinfo_is_read_with_its_escapes():
    text = (
        "36 35 98:0 / /mnt/le\\040nas\\134x rw,noatime shared:1 master:2 - cifs //nas/crm rw\n"
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\nbroken line\n\n"
    )
    assert parse_mountinfo(text) == (("/mnt/le nas\\x", "cifs"), ("/", "ext4"))


@pytest.mark.parametrize(
    "path",
    [r"\\nas\crm\home", "//nas/crm/home", r"\\?\UNC\nas\crm\home", r"\\?\unc\nas\crm\home"],
)
def test_unc_paths(path):
    assert windows(path) == ("home_on_network", "UNC")


def test_mapped_drives():
    assert windows(r"Z:\crm", drives={"Z:\\": 4}) == ("home_on_network", "Z:")
    assert windows(r"\\?\Z:\crm", drives={"Z:\\": 4}) == ("home_on_network", "Z:")
    assert windows(r"C:\Users\anne\AppData\Local\Clementine CRM", drives={"Z:\\": 4}) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"C:\Users\anne\OneDrive\crm", "OneDrive"),
        (r"C:\Users\anne\OneDrive - Horizon\crm", "OneDrive"),
        (r"C:\Users\anne\Dropbox (Horizon)\crm", "Dropbox"),
        (r"G:\Mon Drive\crm", "Google Drive"),
        (r"C:\Users\anne\iCloudDrive\crm", "iCloud Drive"),
        (r"C:\Users\anne\kDrive\crm", "kDrive"),
        (r"C:\Users\anne\NEXTCLOUD", "Nextcloud"),
    ],
)
def test_synchronised_by_name(path, kind):
    assert windows(path) == ("home_in_synced_folder", kind)


def test_synchronised_by_environment():
    env = {"OneDriveCommercial": "D:\\Travail\\"}
    assert windows(r"d:\travail\crm", env=env) == ("home_in_synced_folder", "OneDrive")
    assert windows(r"D:\Travail2\crm", env=env) is None


@pytest.mark.parametrize(
    ("marker", "form", "kind"),
    [
        (".dropbox", "file", "Dropbox"),
        (".dropbox.cache", "folder", "Dropbox"),
        (".sync/ID", "file", "Resilio Sync"),
        (".stfolder", "folder", "Syncthing"),
        (".nextcloudsync.log", "file", "Nextcloud"),
        (".sync_0123abcd.db", "file", "Nextcloud"),
        ("._sync_0123abcd.db", "file", "Nextcloud"),
        (".tmp.drivedownload", "folder", "Google Drive"),
    ],
)
def test_synchronised_by_marker_anywhere_above(marker, form, kind):
    there = {f"/home/anne/bureau/{marker}": form}
    assert linux("/home/anne/bureau/a/b/crm", there=there) == ("home_in_synced_folder", kind)
    assert linux("/home/anne/bureau", there=there) == ("home_in_synced_folder", kind)
    assert linux("/home/anne/crm", there=there) is None


def test_desktop_ini_tags():
    texts = {r"C:\w\desktop.ini": "[.ShellClassInfo]\nIconResource=C:\\P\\OneDrive.exe,17"}
    assert windows(r"C:\w\crm", texts=texts) == ("home_in_synced_folder", "OneDrive")
    texts = {r"C:\w\desktop.ini": "[.ShellClassInfo]\nIconResource=folder.ico"}
    assert windows(r"C:\w\crm", texts=texts) is None


def test_a_user_of_a_synchroniser_may_still_have_a_home_elsewhere():
    there = {"/home/anne/.dropbox": "folder", "/home/anne/.sync": "folder"}
    assert linux("/home/anne/.local/share/clementine", there=there) is None


@pytest.mark.parametrize("name", ["Dropboxes", "my drives", "onedriver", "nextclouds"])
def test_a_name_that_only_resembles(name):
    assert linux(f"/home/anne/{name}/crm") is None


def test_this_machine(tmp_path):
    Home(tmp_path / "crm").prepare()
    assert (tmp_path / "crm" / "documents").is_dir()
    (tmp_path / ".stfolder").mkdir()
    with pytest.raises(StorageError) as caught:
        Home(tmp_path / "other").prepare()
    assert caught.value.key == "home_in_synced_folder"
    assert caught.value.params["kind"] == "Syncthing"
    assert not (tmp_path / "other").exists()


def test_a_link_to_a_bad_place_is_that_place(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "crm").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(StorageError, match="home_in_synced_folder"):
        Home(tmp_path / "crm").check_place()


def test_a_home_on_a_share_is_refused_as_the_system_reports_it(tmp_path, monkeypatch):
    real = surroundings()
    share = (*real.mounts, (str(tmp_path.resolve()), "cifs"))
    faked = Surroundings(**{**vars(real), "mounts": share})
    monkeypatch.setattr(home_module, "surroundings", lambda: faked)
    with pytest.raises(StorageError, match="home_on_network"):
        Home(tmp_path / "crm").prepare()
    assert list(tmp_path.iterdir()) == []
