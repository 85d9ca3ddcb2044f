"""Collecting takes regular files and safe archives only, and one bad submission stops no other."""

from __future__ import annotations

import logging
import os
import zipfile
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader_plugin.collect import CheckedCollect, CheckedExtractor


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


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
    assert "link.ipynb was not copied" in said
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
