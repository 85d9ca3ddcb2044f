"""Submissions on their way in: ``nbgrader collect`` and ``nbgrader zip_collect`` take regular files and nothing else.

A link in the exchange would be followed with the instructor's rights, and what it leads to would come back with the
feedback; an archive may hold links, paths that lead out of its folder, or far more than its size says.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin
from nbgrader.utils import ignore_patterns
from traitlets import Integer

from autograder.formatting import strip_control_characters
from autograder.submission.archives import MAX_DEPTH, Quota, UnsafeArchiveError, copy_bytes, unpack

MAX_NESTING = 3  # a class's archive, a student's in it, and one in that


class CheckedCollect(ExchangeCollect):
    """nbgrader's collect, but links, devices and huge files are left where they are, each with a warning."""

    max_files = Integer(1000, help="How many files of one submission are collected.").tag(config=True)

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission; every file is opened without following a link, so that none can be put there meanwhile."""
        if os.path.islink(src):
            self.log.error("%s is a link, and was not collected.", strip_control_characters(src))
            return
        folder = self.coursedir
        ignore = ignore_patterns(
            exclude=folder.ignore, include=folder.include, max_file_size=folder.max_file_size, log=self.log
        )
        quota = Quota(self.max_files, 1000 * folder.max_dir_size)
        shared = folder.groupshared
        for top, folders, files, here in os.fwalk(src, follow_symlinks=False):
            links = [name for name in (*folders, *files) if os.path.islink(os.path.join(top, name))]
            ignored = {*links, *ignore(top, [name for name in (*folders, *files) if name not in links])}
            folders[:] = [name for name in folders if name not in ignored]
            below = os.path.relpath(top, src)
            target = os.path.normpath(os.path.join(dest, below))
            if len(Path(below).parts) > MAX_DEPTH:
                self.log.warning("%s was not collected: it lies too deep.", strip_control_characters(top))
                folders.clear()
                continue
            os.makedirs(target, exist_ok=True)
            if shared:
                os.chmod(target, 0o2770)
            for name in [*links, *(one for one in files if one not in ignored)]:
                try:
                    _copy(name, here, os.path.join(target, name), quota, 0o660 if shared else None)
                except (UnsafeArchiveError, OSError) as error:
                    why = error.strerror if isinstance(error, OSError) else error
                    self.log.warning(
                        "%s was not collected: %s.", strip_control_characters(os.path.join(top, name)), why
                    )


def _copy(name: str, folder: int, target: str, quota: Quota, mode: int | None) -> None:
    """Copy one regular file of an open folder."""
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise UnsafeArchiveError("it is a link")
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with open(descriptor, "rb") as source:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise UnsafeArchiveError("it is not a regular file")
        quota.take(found.st_size)
        with open(target, "wb") as copied:
            copy_bytes(source, copied, found.st_size)
            os.utime(copied.fileno(), ns=(found.st_atime_ns, found.st_mtime_ns))
            if mode is not None:
                os.fchmod(copied.fileno(), mode)


class CheckedExtractor(ExtractorPlugin):
    """nbgrader's extractor, with every archive looked through before a byte of it is written.

    An archive is taken whole or not at all: one student's bomb does not stop the others' work.
    """

    max_class_mb = Integer(8000, help="How large the files of one downloaded archive may be together.").tag(config=True)
    max_student_mb = Integer(200, help="How large the files of an archive in it may be together.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack the archives of a folder, and copy its other files."""
        found = sorted(path for path in Path(archive_path).rglob("*") if path.is_symlink() or not path.is_dir())
        if not found:
            self.log.warning("No files found in directory: %s", archive_path)
        for path in found:
            target = Path(extracted_path) / path.parent.relative_to(archive_path)
            target.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or not path.is_file():
                self.log.error("%s was not taken: it is not a regular file.", strip_control_characters(str(path)))
            elif path.suffix in self.zip_ext:
                self._unpack(path, target, 1)
            else:
                shutil.copy(path, target / path.name)

    def _unpack(self, path: Path, folder: Path, nesting: int) -> None:
        """Unpack an archive into a folder of its own name, and then the archives in it."""
        name = path.name.removesuffix(path.suffix).removesuffix(".tar")
        target = folder / name
        if nesting > MAX_NESTING:
            self.log.error(
                "%s was not unpacked: there are archives in archives in archives.", strip_control_characters(str(path))
            )
            return
        if target.exists():
            self.log.error(
                "%s was not unpacked: there is another %s.",
                strip_control_characters(str(path)),
                strip_control_characters(name),
            )
            return
        self.log.info("Extracting from: %s", strip_control_characters(str(path)))
        megabytes = self.max_class_mb if nesting == 1 else self.max_student_mb
        quota = Quota(100_000 if nesting == 1 else 1000, megabytes << 20)
        try:
            unpack(path, target, quota)
        except UnsafeArchiveError as error:
            self.log.error(
                "%s was not unpacked: %s.", strip_control_characters(str(path)), strip_control_characters(str(error))
            )
            shutil.rmtree(target, ignore_errors=True)
            return
        for inner in sorted(one for one in target.rglob("*") if one.suffix in self.zip_ext and one.is_file()):
            self._unpack(inner, inner.parent, nesting + 1)
