"""Who can use a course's files follows from the mode and the group of its folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from autograder.course.file_access import PRIVATE, FileAccess, file_access, restrict_new_files


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o770, 0o775, 0o2750, 0o2755])
def test_a_folder_that_no_group_may_share_is_its_owners(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert file_access(tmp_path) == PRIVATE
    assert file_access(tmp_path / "missing") == PRIVATE


@pytest.mark.parametrize("mode", [0o2770, 0o2775])
def test_a_folder_that_passes_on_its_group_is_shared_with_it(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert file_access(tmp_path) == FileAccess(tmp_path.stat().st_gid)


@pytest.mark.parametrize("umask", [0, 0o022, 0o777])
def test_new_files_have_the_modes_of_their_course_under_any_umask(tmp_path: Path, umask: int) -> None:
    tmp_path.chmod(0o2770)
    before = os.umask(umask)
    try:
        for name, access in (("private", PRIVATE), ("shared", file_access(tmp_path))):
            with restrict_new_files(access):
                (tmp_path / name).mkdir()
                (tmp_path / name / "file").touch()
            assert mode_of(tmp_path / name) & 0o777 == access.folder_mode & 0o777
            assert mode_of(tmp_path / name / "file") == access.file_mode
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
