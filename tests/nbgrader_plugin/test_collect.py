"""Submissions on their way in: links, ways out of a folder, bombs and broken archives are refused with a reason."""

from __future__ import annotations

import io
import logging
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader_plugin.collect import CheckedCollect, CheckedExtractor, Room, UnsafeArchiveError, unpack


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


def packed(path: Path, *members: tarfile.TarInfo, data: bytes = b"text") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for one in members:
            one.size = len(data) if one.isreg() else 0
            archive.addfile(one, io.BytesIO(data))
    return path


def zip_link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("3-softmax.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def cut(path: Path) -> Path:
    zipped(path, ("a.ipynb", os.urandom(5000)))
    data = bytearray(path.read_bytes())
    data[1000:1010] = bytes(10)
    path.write_bytes(data)
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a way out": (lambda p: zipped(p, ("../../gradebook.db", b"x")), "leads out"),
    "a way out, backwards": (lambda p: zipped(p, ("..\\..\\gradebook.db", b"x")), "leads out"),
    "an absolute path": (lambda p: zipped(p, ("/etc/passwd", b"x")), "leads out"),
    "a drive": (lambda p: zipped(p, ("C:/x", b"x")), "leads out"),
    "a link": (lambda p: zipped(p, (zip_link(), b"../../.autograder-secret")), "a link"),
    "a deep path": (lambda p: zipped(p, ("a/" * 50 + "x", b"x")), "too deep"),
    "a bomb": (lambda p: zipped(p, ("zeros", bytes(60 << 20))), "times as large"),
    "many files": (lambda p: zipped(p, *((str(number), b"") for number in range(101))), "too many"),
    "much": (lambda p: zipped(p, ("x", os.urandom(2 << 20))), "too large"),
    "twice the same": (lambda p: zipped(p, ("a", b"x"), ("a/b", b"y")), "File exists|Not a directory"),
    "a broken one": (cut, "broken"),
    "no archive": (lambda p: p.write_bytes(b"text") and p, "no archive"),
    "a tar with a link": (lambda p: packed(p, member("x", tarfile.SYMTYPE, "/etc/passwd")), "a link"),
    "a tar with a hard link": (lambda p: packed(p, member("x", tarfile.LNKTYPE, "y")), "a link"),
    "a tar with a device": (lambda p: packed(p, member("x", tarfile.FIFOTYPE)), "a device"),
    "a tar that leads out": (lambda p: packed(p, member("../x")), "leads out"),
    "a tar with a sparse file": (lambda p: packed(p, member("x", tarfile.GNUTYPE_SPARSE)), "sparse"),
    "a tar bomb": (lambda p: packed(p, member("x"), data=bytes(60 << 20)), "times as large"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_archive_is_refused_with_a_reason_and_leaves_nothing_outside(bad: str, tmp_path: Path) -> None:
    make, words = BAD[bad]
    archive = make(tmp_path / "download.zip")
    target = tmp_path / "a" / "b" / "download"
    with pytest.raises(UnsafeArchiveError, match=words):
        unpack(archive, target, Room(100, 100 << 20 if bad != "much" else 1 << 20))
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - set(target.rglob("*")) == {archive}


def test_an_honest_archive_is_unpacked_whole(tmp_path: Path) -> None:
    notebook = os.urandom(100_000)
    for name, made in (
        ("z", zipped(tmp_path / "z.zip", ("a/b/3-softmax.ipynb", notebook), ("empty", b""))),
        ("t", packed(tmp_path / "t.tar.gz", member("a/b/3-softmax.ipynb"), data=notebook)),
    ):
        unpack(made, tmp_path / name, Room(10, 1 << 20))
        assert (tmp_path / name / "a" / "b" / "3-softmax.ipynb").read_bytes() == notebook


def extract(source: Path, target: Path, caplog: pytest.LogCaptureFixture) -> str:
    extractor = CheckedExtractor()
    extractor.log = logging.getLogger("test")
    with caplog.at_level(logging.INFO):
        extractor.extract(str(source), str(target))
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno > logging.INFO)


def test_one_bad_archive_in_a_classs_download_stops_nobody_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    good = zipped(tmp_path / "good.zip", ("3-softmax.ipynb", b"right")).read_bytes()
    evil = zipped(tmp_path / "evil.zip", ("../../../3-softmax.ipynb", b"mine")).read_bytes()
    zipped(folder / "class.zip", ("novak.zip", good), ("evil.zip", evil), ("kim_3-softmax.ipynb", b"also right"))
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "single.ipynb").write_bytes(b"alone")
    said = extract(folder, tmp_path / "extracted", caplog)
    made = tmp_path / "extracted"
    found = {str(path.relative_to(made)) for path in made.rglob("*.ipynb")}
    assert "evil.zip was not unpacked: ../../../3-softmax.ipynb in it leads out of its folder" in said
    assert "link.ipynb was not taken" in said
    assert found == {"class/novak/3-softmax.ipynb", "class/kim_3-softmax.ipynb", "single.ipynb"}
    assert not list((tmp_path / "extracted").rglob("evil"))


def test_archives_are_not_unpacked_without_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = b"core"
    for number in range(8):
        data = zipped(tmp_path / "next", (f"{number}.zip" if number else "core.txt", data)).read_bytes()
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "x.zip").write_bytes(data)
    assert "archives in archives" in extract(folder, tmp_path / "extracted", caplog)
    assert len(list((tmp_path / "extracted").rglob("*.zip"))) == 3


def collect(inbound: Path, target: Path, caplog: pytest.LogCaptureFixture) -> str:
    folder = CourseDirectory()
    folder.ignore, folder.max_file_size = [".ipynb_checkpoints", "*.pyc"], 1000
    collector = CheckedCollect(coursedir=folder)
    collector.log = logging.getLogger("test")
    collector.do_copy(str(inbound), str(target))
    return "\n".join(caplog.messages)


def test_collecting_takes_regular_files_and_follows_no_link(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inbound = tmp_path / "inbound"
    (inbound / "data" / "deeper").mkdir(parents=True)
    (inbound / ".ipynb_checkpoints").mkdir()
    (inbound / ".ipynb_checkpoints" / "x").write_text("x")
    (inbound / "3-softmax.ipynb").write_text("mine")
    (inbound / "data" / "deeper" / "rows.csv").write_text("1")
    (tmp_path / "secret").write_text("secret")
    (inbound / "stolen.txt").symlink_to(tmp_path / "secret")
    (inbound / "dangling").symlink_to(tmp_path / "nothing")
    (inbound / "peers").symlink_to(tmp_path)
    os.mkfifo(inbound / "fifo")
    with (inbound / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    said = collect(inbound, tmp_path / "submitted", caplog)
    files = sorted(str(path.relative_to(tmp_path / "submitted")) for path in (tmp_path / "submitted").rglob("*"))
    assert files == ["3-softmax.ipynb", "data", "data/deeper", "data/deeper/rows.csv"]
    for name in ("stolen.txt was not collected: it is a link", "dangling", "peers", "fifo was not collected"):
        assert name in said
    assert "sparse" in said


def test_a_submission_that_is_a_link_itself_is_not_collected(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "peer").mkdir()
    (tmp_path / "inbound").symlink_to(tmp_path / "peer")
    assert "is a link, and was not collected" in collect(tmp_path / "inbound", tmp_path / "submitted", caplog)
    assert not (tmp_path / "submitted").exists()


def test_a_huge_file_does_not_cost_the_notebook(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "inbound").mkdir()
    (tmp_path / "inbound" / "a.csv").write_bytes(bytes(2 << 20))
    (tmp_path / "inbound" / "b.ipynb").write_text("mine")
    collect(tmp_path / "inbound", tmp_path / "submitted", caplog)
    assert [path.name for path in (tmp_path / "submitted").iterdir()] == ["b.ipynb"]
