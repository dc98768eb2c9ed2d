"""The reader process: whatever a file does over there, the program here gets an answer."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from clementine_crm.errors import BadResponse, Cancelled, ExternalError, NotFound
from clementine_crm.jobs import Cancel, JobContext
from clementine_crm.plugin_api import ItemPayload, Rejection
from clementine_crm.reading.process import ReaderLimits, ReaderPlugin, ReaderProcess

STUBS = Path(__file__).parent.parent / "data" / "plugins"
CLASSES = {
    "lines": "Lines",
    "letters": "Letters",
    "forms": "Forms",
    "deadly": "Deadly",
    "broken": "Broken",
}
QUICK = ReaderLimits(seconds=1.5, memory_mb=128)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and rlimits of POSIX")


def stub(name: str, **settings: str | int | bool) -> ReaderPlugin:
    return ReaderPlugin(name, str(STUBS / name), f"plugin:{CLASSES[name]}", tuple(settings.items()))


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess([stub("lines"), stub("letters"), stub("forms", prefix="p ")], QUICK) as made:
        yield made


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, name: str = "some.lines") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(["LINES", *lines]), encoding="utf-8")
        return path

    return write


def told(entries: Sequence[ItemPayload | Rejection]) -> list[str]:
    """Items by their message, rejections by row and reason."""
    return [
        entry.message if isinstance(entry, ItemPayload) else f"!{entry.row} {entry.reason}"
        for entry in entries
    ]


def read(reader: ReaderProcess, path: Path, plugin: str | None = None) -> list[str]:
    return told(list(reader.entries(path, plugin, JobContext())))


def test_two_files_one_after_the_other_in_one_process(reader, lines) -> None:
    assert read(reader, lines("a", "b", name="one")) == ["a", "b"]
    pid = reader.pid
    assert read(reader, lines("c", name="two"), "lines") == ["c"]
    assert reader.pid == pid
    assert 0 < reader.start_seconds < QUICK.start_seconds


def test_no_process_before_the_first_request_and_none_after_close(lines) -> None:
    with ReaderProcess([stub("lines")], QUICK) as reader:
        assert reader.pid is None
        read(reader, lines("a"))
        pid = reader.pid
        assert pid is not None
    assert reader.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_scratch_folders_are_gone_after_close(monkeypatch, tmp_path, lines) -> None:
    tmp = tmp_path / "tmp"
    tmp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp))
    with ReaderProcess([stub("lines")], QUICK) as reader:
        assert read(reader, lines("#scratch kept")) == ["scratch kept"]
        assert len(list(tmp.iterdir())) == 1
        read(reader, lines("#crash"))
        read(reader, lines("a"))
        assert len(list(tmp.iterdir())) == 1
    assert list(tmp.iterdir()) == []


@pytest.mark.parametrize(
    "trouble",
    ["#socket", "#resolve", "#popen", "#system", "#fork", "#exec", "#spawn", "#kill", "#dlopen"],
)
def test_no_network_and_no_other_process(reader, lines, trouble: str) -> None:
    (answer,) = read(reader, lines(trouble))
    assert answer.startswith("refused: the reader process refuses")


@pytest.mark.parametrize(
    "trouble",
    [
        "#remove_below", "#write", "#append", "#update", "#create", "#remove", "#rename", "#mkdir", "#symlink",
        "#chmod", "#truncate",
    ],
)  # fmt: skip
def test_nothing_is_written_outside_the_scratch_folder(reader, lines, tmp_path, trouble) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept", encoding="utf-8")
    path = lines(f"{trouble} {victim}")
    before = sorted(tmp_path.iterdir())
    (answer,) = read(reader, path)
    assert answer.startswith("refused: the reader process refuses")
    assert victim.read_text(encoding="utf-8") == "kept"
    assert sorted(tmp_path.iterdir()) == before


def test_temporary_folders_come_and_go(reader, lines) -> None:
    assert read(reader, lines("#folder x")) == ["removed True"]


def test_a_relative_name_below_another_folder_does_not_slip_through(
    reader, lines, tmp_path
) -> None:
    (answer,) = read(reader, lines(f"#dirfd {tmp_path}"))
    assert answer.startswith("refused:")
    assert not (tmp_path / "escaped").exists()


def test_secrets_of_the_environment_stay_here(monkeypatch, lines) -> None:
    secrets = {
        "CLEMENTINE_PASSWORD",
        "CLEMENTINE_RECOVERY_KEY",
        "CLEMENTINE_HOME",
        "SOME_TOKEN",
        "SMTP_PASSWORD",
    }
    for name in secrets:
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("HARMLESS", "1")
    with ReaderProcess([stub("lines")], QUICK) as reader:
        (names,) = read(reader, lines("#env"))
    assert not secrets & set(names.split(","))
    assert "HARMLESS" in names.split(",")


def test_what_is_printed_over_there_never_reaches_the_frames(reader, lines) -> None:
    assert read(reader, lines(*["#speak"] * 5, "a")) == [*["spoken"] * 5, "a"]
    reader.close()
    assert len(reader.last_words) <= 16 * 1024
    assert "xxx" in reader.last_words


def test_a_hang_ends_the_file_within_the_limit_and_the_next_file_is_read(reader, lines) -> None:
    assert read(reader, lines("a", "#hang", "b", name="one")) == ["a", "!2 too_slow"]
    assert read(reader, lines("c", name="two")) == ["c"]


def test_a_message_that_hangs_costs_itself_only(reader, lines) -> None:
    path = lines("a", "message hang", "message fine")
    assert read(reader, path) == ["a", "!2 too_slow", "letters: fine"]


def test_memory_ends_at_the_limit(reader, lines) -> None:
    answers = read(reader, lines("a", "#hog", name="one"))
    assert answers[:2] == ["a", "!2 too_large"]
    assert read(reader, lines("c", name="two")) == ["c"]


def test_a_crash_in_the_container_names_the_row_and_the_rest(reader, lines) -> None:
    found = list(reader.entries(lines("a", "#crash", "b"), None, JobContext()))
    assert told(found) == ["a", "!2 reader_stopped", "!3 reader_stopped"]
    assert isinstance(found[1], Rejection)
    assert found[1].params["cause"] == "SIGSEGV"
    assert found[1].path.endswith("some.lines")
    assert "Segmentation fault" in reader.last_words


def test_a_crash_in_one_message_names_it_and_the_rest_comes_in(reader, lines) -> None:
    path = lines("message one", "message crash", "message three", "message crash", "five")
    assert read(reader, path) == [
        "letters: one", "!2 reader_stopped", "letters: three", "!4 reader_stopped", "five",
    ]  # fmt: skip


def test_a_file_that_keeps_crashing_is_given_up_after_three_restarts(reader, lines) -> None:
    answers = read(reader, lines(*["message crash"] * 10, "message fine"))
    assert answers == [f"!{row} reader_stopped" for row in range(1, 6)]


def test_an_orderly_exit_in_the_middle_is_a_crash_too(reader, lines) -> None:
    assert read(reader, lines("a", "#quit"))[:2] == ["a", "!2 reader_stopped"]


@pytest.mark.parametrize("killed_after", [1, 2, 5])
def test_killed_in_the_middle_every_other_row_still_comes_once(reader, lines, killed_after) -> None:
    path = lines(*[f"row {n}" for n in range(1, 9)])
    answers: list[str] = []
    for entry in reader.entries(path, None, JobContext()):
        answers += told([entry])
        if len(answers) == killed_after and reader.pid is not None:
            os.kill(reader.pid, signal.SIGKILL)
    rows = {f"row {n}" for n in range(1, 9)}
    rejected = [answer for answer in answers if answer.startswith("!")]
    assert len(answers) == 8
    assert len(rows & set(answers)) == 8 - len(rejected)
    assert rejected in ([], [f"!{killed_after + 1} reader_stopped"])


def test_killed_while_it_works_on_a_row_that_row_is_named(lines) -> None:
    class Killing(Cancel):
        """Looked at while the program waits: the third look at row 2 finds the child hanging."""

        looks = 0

        def check(self) -> None:
            if len(answers) == 1 and reader.pid is not None:
                self.looks += 1
                if self.looks == 4:
                    os.kill(reader.pid, signal.SIGKILL)

    path, answers = lines("a", "message hang", "c"), []
    plugins = [stub("lines"), stub("letters")]
    with ReaderProcess(plugins, ReaderLimits(seconds=60)) as reader:
        for entry in reader.entries(path, None, JobContext(cancel=Killing())):
            answers += told([entry])
    assert answers == ["a", "!2 reader_stopped", "c"]


def test_other_requests_between_two_items_even_deadly_ones(reader, lines) -> None:
    path, other = lines("a", "b", "c", name="one"), lines("#crash", name="two")
    answers = []
    for entry in reader.entries(path, None, JobContext()):
        answers += told([entry])
        if answers == ["a"]:
            assert read(reader, other) == ["!1 reader_stopped", "!2 reader_stopped"]
    assert answers == ["a", "b", "c"]


def test_an_exception_ends_the_file_with_its_place_and_without_its_words(reader, lines) -> None:
    found = list(reader.entries(lines("a", "#raise Jeanne 0639980001", "b"), None, JobContext()))
    assert told(found) == ["a", "!2 plugin_failed"]
    assert isinstance(found[1], Rejection)
    assert found[1].params["plugin"] == "lines"
    assert "plugin.py" in found[1].params["where"]
    assert "Jeanne" not in str(found[1].params) + reader.last_words


def test_sys_exit_in_a_plugin_is_no_exit(reader, lines) -> None:
    assert read(reader, lines("#exit")) == ["!1 plugin_failed"]


def test_values_that_the_contract_forbids(reader, lines) -> None:
    # Halves of characters become a mark: nothing could store them, and the row is worth more.
    assert read(reader, lines("#surrogate")) == ["a?b"]
    assert read(reader, lines("#big 300000", "b")) == ["!1 plugin_failed"]


@pytest.mark.parametrize("order", [("letters", "forms"), ("forms", "letters")])
def test_the_surest_reader_gets_the_message_with_its_settings(lines, order) -> None:
    given = {"letters": stub("letters"), "forms": stub("forms", prefix="p ")}
    with ReaderProcess([stub("lines"), *(given[name] for name in order)], QUICK) as reader:
        assert read(reader, lines("message form x", "message other", "message nobody")) == [
            "forms: p form x", "letters: other", "!3 no_source",
        ]  # fmt: skip


def test_a_reader_that_breaks_costs_one_message(reader, lines) -> None:
    found = list(
        reader.entries(
            lines("message claim breaks", "message raise", "message nobody claim breaks", "last"),
            None,
            JobContext(),
        )
    )
    assert told(found) == ["letters: claim breaks", "!2 plugin_failed", "!3 plugin_failed", "last"]
    assert isinstance(found[0], ItemPayload)
    assert "reader_failed" in found[0].warnings


def test_which_plugin_made_an_item_is_known(reader, lines) -> None:
    stream = reader.stream(lines("a", "message form x"), None, JobContext())
    assert [(one.plugin, one.row) for one in stream] == [("lines", 1), ("forms", 2)]


def test_sniff_is_total(reader, lines, tmp_path) -> None:
    good, empty = lines("a"), tmp_path / "empty"
    empty.touch()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    paths = [good, empty, tmp_path / "missing", tmp_path, pipe, Path("nul\0name")]
    assert reader.sniff(paths) == [(good, "lines", 0.9), *[(path, None, 0.0) for path in paths[1:]]]


def test_files_that_nobody_reads_are_named(reader, tmp_path) -> None:
    path = tmp_path / "unknown.bin"
    path.write_bytes(b"\0\1")
    assert read(reader, path) == ["!0 no_source"]
    assert read(reader, tmp_path / "missing") == ["!0 unreadable"]
    assert read(reader, path, "not_there") == ["!0 no_source"]
    path.write_bytes(b"LINES\n\xff\xfe")
    assert read(reader, path) == ["!1 plugin_failed"]


def test_a_name_that_is_no_text_is_read_all_the_same(reader, lines, tmp_path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.lines"))
    path.write_text("LINES\nmessage nobody\n#exit\n", encoding="utf-8")
    assert reader.sniff([path])[0][1] == "lines"
    found = list(reader.entries(path, None, JobContext()))
    assert told(found) == ["!1 no_source", "!2 plugin_failed"]
    assert isinstance(found[0], Rejection)
    assert found[0].path.endswith("caf?.lines")


def test_paths_and_plugin_folders_may_be_relative(monkeypatch, tmp_path, lines) -> None:
    lines("a", name="here.lines")
    monkeypatch.chdir(tmp_path)
    with ReaderProcess([stub("lines")], QUICK) as reader:
        assert read(reader, Path("here.lines")) == ["a"]


def test_a_plugin_that_kills_the_process_at_import_is_left_out(lines) -> None:
    with ReaderProcess([stub("deadly"), stub("broken"), stub("lines")], QUICK) as reader:
        assert read(reader, lines("a")) == ["a"]
        assert reader.failed_plugins["deadly"] == "SIGSEGV"
        assert reader.failed_plugins["broken"] == "RuntimeError plugin.py:3"


def test_cancel_while_a_row_takes_long(lines) -> None:
    cancel = Cancel()

    def stop(done: int, total: int, text: str) -> None:
        cancel.set()

    with ReaderProcess([stub("lines")], ReaderLimits(seconds=60)) as reader:
        with pytest.raises(Cancelled):
            list(reader.entries(lines("#hang"), None, JobContext(stop, cancel)))
        assert reader.pid is None
        assert read(reader, lines("a")) == ["a"]


def test_a_reader_abandoned_half_way_serves_the_next(reader, lines) -> None:
    stream = reader.entries(lines("a", "b", "c"), None, JobContext())
    next(stream)
    stream.close()
    assert read(reader, lines("d", name="two")) == ["d"]


def test_other_plugins_from_the_next_request_on(lines) -> None:
    with ReaderProcess([], QUICK) as reader:
        path = lines("a")
        assert read(reader, path) == ["!0 no_source"]
        reader.use([stub("lines")])
        assert read(reader, path) == ["a"]


def test_ctrl_c_in_the_terminal_is_the_programs_business(reader, lines) -> None:
    read(reader, lines("a"))
    pid = reader.pid
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    assert read(reader, lines("b")) == ["b"]
    assert reader.pid == pid


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits on another process's end")
def test_it_ends_with_a_killed_program_and_leaves_nothing(tmp_path) -> None:
    program = (
        "import sys; from clementine_crm.reading.process import ReaderProcess\n"
        "reader = ReaderProcess(); reader.start(); print(reader.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parent.parent.parent,
    )
    with parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        ended, _, _ = select.select([child], [], [], 10)
        assert ended
        assert list(tmp_path.iterdir()) == []
    finally:
        os.close(child)


def test_a_program_that_is_no_reader_is_one_clear_error(lines) -> None:
    with ReaderProcess(command=[sys.executable, "-c", "print('not a frame')"]) as reader:
        with pytest.raises(ExternalError) as caught:
            reader.start()
        assert caught.value.key == "reader_not_started"


def test_documents_of_the_real_parsers() -> None:
    with ReaderProcess() as reader:
        text = reader.document(b"Jeanne Essai\njeanne@example.org\n", "cv.txt")
        assert text.reason == ""
        assert "jeanne@example.org" in text.text
        assert reader.document(b"", "empty.pdf").reason == "empty"
        assert reader.document(b"%PDF-1.4 cut", "cut.pdf").reason != ""


def test_pages_of_the_real_parsers(tmp_path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "cv.pdf"
    canvas = Canvas(str(path), pagesize=(200, 100))
    canvas.drawString(20, 50, "Jeanne")
    canvas.save()
    with ReaderProcess() as reader:
        picture = reader.draw_page(path.read_bytes(), 1, 2.0)
        assert (picture.width, picture.height, picture.pages) == (400, 200, 1)
        assert [box[0] for box in picture.boxes] == ["Jeanne"]
        with pytest.raises(NotFound):
            reader.draw_page(path.read_bytes(), 2, 1.0)


def _fake(tmp_path: Path, body: str) -> list[str]:
    """A child that answers what it likes: the parent trusts none of it."""
    script = tmp_path / "fake.py"
    script.write_text(
        "import struct, sys, msgpack\n"
        "def read():\n"
        "    n = struct.unpack('>I', sys.stdin.buffer.read(4))[0]\n"
        "    return msgpack.unpackb(sys.stdin.buffer.read(n))\n"
        "def say(f):\n"
        "    b = msgpack.packb(f)\n"
        "    sys.stdout.buffer.write(struct.pack('>I', len(b)) + b)\n"
        "    sys.stdout.buffer.flush()\n"
        "read()\nsay({'op': 'ready', 'seq': 0})\n" + body,
        encoding="utf-8",
    )
    return [sys.executable, str(script)]


def test_lies_of_a_taken_over_reader_are_damage(tmp_path) -> None:
    body = (
        "r = read()\nsay({'op': 'document', 'seq': r['seq'], 'value': {'kind': 'virus'}})\nread()\n"
    )
    with ReaderProcess(command=_fake(tmp_path, body)) as reader:
        assert reader.document(b"x", "x").reason == "damaged"
    huge = "r = read()\nsys.stdout.buffer.write(b'\\xff' * 8)\nsys.stdout.buffer.flush()\nread()\n"
    with ReaderProcess(command=_fake(tmp_path, huge)) as reader:
        assert reader.document(b"x", "x").reason == "damaged"
    picture = (
        "r = read()\nsay({'op': 'page', 'seq': r['seq'], 'value': {'width': 9, 'height': 9, "
        "'stride': 27, 'pixels': b'x', 'boxes': [], 'page': 1, 'pages': 1, 'encoded': b'', "
        "'media_type': ''}})\nread()\n"
    )
    with ReaderProcess(command=_fake(tmp_path, picture)) as reader, pytest.raises(BadResponse):
        reader.draw_page(b"x", 1, 1.0)


def test_a_document_that_hangs_or_crashes_is_an_answer(tmp_path) -> None:
    hang = "read()\nwhile True: pass\n"
    with ReaderProcess(limits=QUICK, command=_fake(tmp_path, hang)) as reader:
        assert reader.document(b"x", "x").reason == "too_slow"
    crash = "read()\nimport os; os.abort()\n"
    with ReaderProcess(command=_fake(tmp_path, crash)) as reader:
        assert reader.document(b"x", "x").reason == "damaged"
    memory = "read()\nimport os; os._exit(77)\n"
    with ReaderProcess(command=_fake(tmp_path, memory)) as reader:
        assert reader.document(b"x", "x").reason == "too_large"
