"""A kit holds exactly what was released, and replaces only files of an earlier kit."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from autograder.authoring.build import read_files
from autograder.authoring.student_kit import KitError, pack_kits
from autograder.course.settings import Course
from tests.helpers.small_course import NAME


def test_a_kit_is_the_released_folder_with_a_short_readme(built: Course, tmp_path: Path) -> None:
    out = tmp_path / "kit"
    assert {path.name for path in pack_kits(built, out)} == {f"{NAME}.zip", "nbgrader_config.py"}
    with zipfile.ZipFile(out / f"{NAME}.zip") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.namelist()}
        released = {str(name) for name in read_files(built.root / "assignments" / NAME)}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names == released | {"README.md", "requirements.txt"}
        assert archive.read(f"{NAME}/requirements.txt").split() == [b"numpy", b"matplotlib", b"pytest", b"jupyterlab"]


def test_a_kit_has_the_same_bytes_each_time(built: Course, tmp_path: Path) -> None:
    pack_kits(built, tmp_path / "kit")
    before = read_files(tmp_path / "kit")
    pack_kits(built, tmp_path / "kit")
    assert read_files(tmp_path / "kit") == before


def test_a_kit_replaces_a_file_that_no_kit_wrote_only_with_force(built: Course, tmp_path: Path) -> None:
    out = tmp_path / "kit"
    out.mkdir()
    zip_path = out / f"{NAME}.zip"
    zip_path.write_bytes(b"mine")
    with pytest.raises(KitError, match=r"not written by a kit: .*--force"):
        pack_kits(built, out)
    assert zip_path.read_bytes() == b"mine"
    pack_kits(built, out, force=True)
    assert zipfile.is_zipfile(zip_path)


def test_a_kit_is_not_packed_from_files_that_are_not_as_built(built: Course, tmp_path: Path) -> None:
    (built.root / "assignments" / NAME / "key.txt").write_text("the answers", encoding="utf-8")
    with pytest.raises(KitError, match=r"key\.txt.*extra"):
        pack_kits(built, tmp_path / "kit")
    assert not (tmp_path / "kit").exists()
