"""``nbgrader collect`` and ``nbgrader zip_collect`` take regular files and nothing else.

A link in the exchange would be followed with the instructor's rights, and the file behind it would come back with the
feedback. An archive may hold links, paths that lead out of its folder, or far more than its size suggests.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin
from nbgrader.utils import ignore_patterns
from traitlets import Integer

from autograder.formatting import strip_control_characters
from autograder.nbgrader_plugin import timestamps
from autograder.submission.archives import MAX_DEPTH, Quota, UnsafeArchiveError, copy_bytes, unpack
from autograder.submission.timestamp import TimestampError

MAX_NESTING = 3  # the archive of a class, a student's archive in it, and one in that
MAX_CLASS_FILES = 100_000
MAX_STUDENT_FILES = 1000
_ODD_IDS = "nbgrader's own commands cannot use these ids, and feedback may not reach these students: %s"
_SHARED_FOLDER_MODE, _SHARED_FILE_MODE = 0o2770, 0o660


class CheckedCollect(ExchangeCollect):
    """nbgrader's collect, except that it skips links, devices and huge files, each with a warning."""

    max_files = Integer(1000, help="How many files of one submission are collected.").tag(config=True)

    def copy_files(self) -> None:
        """Copy all submissions, and name the students whose feedback nbgrader cannot deliver because of their ids."""
        super().copy_files()
        broken = sorted(record["username"] for record in self.src_records if set(record["username"]) & set("+,*?[]"))
        if broken:
            self.log.warning(_ODD_IDS, strip_control_characters(" ".join(broken)))

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Return who submitted a folder of the exchange, and when; nbgrader would take CEST for UTC."""
        record: dict[str, Any] = super()._path_to_record(path)
        with contextlib.suppress(TimestampError):
            record["timestamp"] = timestamps.parse_time(self.coursedir, record["filename"].rsplit("+", 3)[2])
        return record

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission. No link is followed, not even one that a student creates in the meantime."""
        if os.path.islink(src):
            self.log.error("%s is a link, and was not collected.", strip_control_characters(src))
            return
        directory = self.coursedir
        is_ignored: Callable[[str, list[str]], set[str]] = ignore_patterns(
            exclude=directory.ignore, include=directory.include, max_file_size=directory.max_file_size, log=self.log
        )
        quota = Quota(self.max_files, 1000 * directory.max_dir_size)
        for folder, subfolders, files, descriptor in os.fwalk(src, follow_symlinks=False):
            relative = os.path.relpath(folder, src)
            if len(Path(relative).parts) > MAX_DEPTH:
                self._warn_skipped(folder, "it is nested too deeply")
                subfolders.clear()
                continue
            links = [name for name in (*subfolders, *files) if os.path.islink(os.path.join(folder, name))]
            ignored = is_ignored(folder, [name for name in (*subfolders, *files) if name not in links])
            subfolders[:] = [name for name in subfolders if name not in ignored and name not in links]
            target = self._make_folder(os.path.normpath(os.path.join(dest, relative)))
            for name in links:
                self._warn_skipped(os.path.join(folder, name), "it is a link")
            for name in files:
                if name not in ignored and name not in links:
                    self._copy_file(name, folder, descriptor, os.path.join(target, name), quota)

    def _make_folder(self, path: str) -> str:
        os.makedirs(path, exist_ok=True)
        if self.coursedir.groupshared:
            os.chmod(path, _SHARED_FOLDER_MODE)
        return path

    def _copy_file(self, name: str, folder: str, descriptor: int, target: str, quota: Quota) -> None:
        """Copy a file of a folder that is open as ``descriptor``; warn about one that must not be copied."""
        try:
            _copy_regular_file(name, descriptor, target, quota)
            if self.coursedir.groupshared:
                os.chmod(target, _SHARED_FILE_MODE)
        except UnsafeArchiveError as error:
            self._warn_skipped(os.path.join(folder, name), str(error))
        except OSError as error:
            self._warn_skipped(os.path.join(folder, name), error.strerror or "it cannot be read")

    def _warn_skipped(self, path: str, reason: str) -> None:
        self.log.warning("%s was not collected: %s.", strip_control_characters(path), reason)


class CheckedExtractor(ExtractorPlugin):
    """nbgrader's extractor, except that it checks every archive before it writes a byte of it.

    An archive is unpacked completely or not at all, and a harmful one in a class's download stops no other.
    """

    max_class_mb = Integer(8000, help="How large the files of one downloaded archive may be together.").tag(config=True)
    max_student_mb = Integer(200, help="How large the files of an archive in it may be together.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack the archives of a folder, and copy its other files."""
        paths = sorted(path for path in Path(archive_path).rglob("*") if path.is_symlink() or not path.is_dir())
        if not paths:
            self.log.warning("No files found in directory: %s", archive_path)
        for path in paths:
            target = Path(extracted_path) / path.parent.relative_to(archive_path)
            target.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or not path.is_file():
                self.log.error("%s was not copied: it is not a regular file.", strip_control_characters(str(path)))
            elif path.suffix in self.zip_ext:
                self._unpack(path, target, 1)
            else:
                shutil.copyfile(path, target / path.name)  # not its mode, which others may have set

    def _unpack(self, path: Path, parent: Path, nesting: int) -> None:
        """Unpack an archive into a folder with its name, and then the archives in it."""
        name = path.name.removesuffix(path.suffix).removesuffix(".tar")
        target = parent / name
        if nesting > MAX_NESTING:
            self._report_skipped(path, "there are archives in archives in archives")
            return
        if target.exists():
            self._report_skipped(path, f"there is another {name}")
            return
        self.log.info("Extracting from: %s", strip_control_characters(str(path)))
        try:
            unpack(path, target, self._quota(nesting))
        except UnsafeArchiveError as error:
            self._report_skipped(path, str(error))
            shutil.rmtree(target, ignore_errors=True)
            return
        for archive in sorted(file for file in target.rglob("*") if file.suffix in self.zip_ext and file.is_file()):
            self._unpack(archive, archive.parent, nesting + 1)

    def _quota(self, nesting: int) -> Quota:
        if nesting == 1:
            return Quota(MAX_CLASS_FILES, self.max_class_mb << 20)
        return Quota(MAX_STUDENT_FILES, self.max_student_mb << 20)

    def _report_skipped(self, path: Path, reason: str) -> None:
        self.log.error("%s was not unpacked: %s.", *map(strip_control_characters, (str(path), reason)))


def _copy_regular_file(name: str, folder: int, target: str, quota: Quota) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with open(descriptor, "rb") as source:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnsafeArchiveError("it is not a regular file")
        quota.take(status.st_size)
        with open(target, "wb") as copy:
            copy_bytes(source, copy, status.st_size)
            os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
