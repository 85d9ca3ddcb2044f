"""A student's process that fills the disk is ended, and its folder is removed whatever it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.sandbox import CallStatus, Level, Sandbox, child_process
from autograder.sandbox.child_process import fits_limits, remove_folder
from tests.helpers.student_code import call

FILLS_THE_DISK = {
    "bytes": "open(str(n), 'wb').write(b'x' * (4 << 20))",
    "files": "open(str(n), 'w').close()",
    "unseen bytes": "os.makedirs('no', 0o333, exist_ok=True); open(f'no/{n}', 'wb').write(b'x' * (4 << 20))",
}


@pytest.mark.parametrize("body", FILLS_THE_DISK.values(), ids=FILLS_THE_DISK)
def test_a_submission_that_fills_the_disk_is_ended_before_its_deadline(sandbox: Sandbox, body: str) -> None:
    source = f"import os\ndef f(x):\n    n = 0\n    while True:\n        n += 1\n        {body}"
    expected = CallStatus.RAISED if sandbox.level is Level.FULL else CallStatus.CRASHED
    assert call(source, 1).status is expected


def test_a_folder_with_few_small_files_fits_the_limits(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "notes.txt").write_text("mine")
    (tmp_path / "link").symlink_to("/usr")
    assert fits_limits(str(tmp_path))


def test_a_folder_with_too_many_files_or_bytes_exceeds_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / str(number)).write_bytes(bytes(4096))
    monkeypatch.setattr(child_process, "MAX_DISK_FILES", 4)
    assert not fits_limits(str(tmp_path))
    monkeypatch.setattr(child_process, "MAX_DISK_FILES", 5)
    assert fits_limits(str(tmp_path))
    monkeypatch.setattr(child_process, "MAX_DISK_BYTES", 4096)
    assert not fits_limits(str(tmp_path))


def test_locked_and_very_deep_folders_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    start = Path.cwd()
    try:
        folder.mkdir()
        os.chdir(folder)
        for _ in range(300):
            os.mkdir("deep" * 10)
            os.chdir("deep" * 10)
    finally:
        os.chdir(start)
    assert not fits_limits(str(folder)), "its path is longer than the system allows"
    (folder / "locked").mkdir(mode=0)
    remove_folder(str(folder))
    remove_folder(str(folder))
    assert not folder.exists()
