"""Submissions on their way in: ``nbgrader collect`` and ``nbgrader zip_collect`` take regular files and nothing else.

A link in the exchange would be followed with the instructor's rights, and what it leads to would come back with the
feedback; an archive may hold links, paths that lead out of its folder, or far more than its size says.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin
from nbgrader.utils import ignore_patterns
from traitlets import Integer

from autograder.formatting import strip_control_characters

MAX_DEPTH = 12  # folders below each other
MAX_RATIO = 200  # how many times its size a file of an archive may become,
SMALL = 10 << 20  # where it becomes larger than this
MAX_NESTING = 3  # a class's archive, a student's in it, and one in that
_CHUNK = 1 << 20


class UnsafeArchiveError(Exception):
    """An archive that is not unpacked, or a file that is not taken; the text says why."""


@dataclass
class Room:
    """How much may still be taken: files and bytes."""

    files: int
    bytes: float

    def take(self, size: int) -> None:
        """Count one file; `Refused` where it is too much."""
        if self.files < 1:
            raise UnsafeArchiveError("there are too many files")
        if size > self.bytes:
            raise UnsafeArchiveError("it is too large")
        self.files -= 1
        self.bytes -= size


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
        room = Room(self.max_files, 1000 * folder.max_dir_size)
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
                    _copy(name, here, os.path.join(target, name), room, 0o660 if shared else None)
                except (UnsafeArchiveError, OSError) as error:
                    why = error.strerror if isinstance(error, OSError) else error
                    self.log.warning(
                        "%s was not collected: %s.", strip_control_characters(os.path.join(top, name)), why
                    )


def _copy(name: str, folder: int, target: str, room: Room, mode: int | None) -> None:
    """Copy one regular file of an open folder."""
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise UnsafeArchiveError("it is a link")
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with open(descriptor, "rb") as source:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise UnsafeArchiveError("it is not a regular file")
        room.take(found.st_size)
        with open(target, "wb") as copied:
            _pour(source, copied, found.st_size)
            os.utime(copied.fileno(), ns=(found.st_atime_ns, found.st_mtime_ns))
            if mode is not None:
                os.fchmod(copied.fileno(), mode)


def _pour(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy as many bytes as were promised, and not one more."""
    while size > 0 and (data := source.read(min(_CHUNK, size))):
        target.write(data)
        size -= len(data)


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
        room = Room(100_000 if nesting == 1 else 1000, megabytes << 20)
        try:
            unpack(path, target, room)
        except UnsafeArchiveError as error:
            self.log.error(
                "%s was not unpacked: %s.", strip_control_characters(str(path)), strip_control_characters(str(error))
            )
            shutil.rmtree(target, ignore_errors=True)
            return
        for inner in sorted(one for one in target.rglob("*") if one.suffix in self.zip_ext and one.is_file()):
            self._unpack(inner, inner.parent, nesting + 1)


def unpack(path: Path, target: Path, room: Room) -> None:
    """Unpack a zip or tar archive into a new folder; `Refused` where anything in it is not as it should be."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _write(archive, list(_of_zip(archive, room)), target)
        else:
            with tarfile.open(path) as archive:
                _write(archive, list(_of_tar(archive, path.stat().st_size, room)), target)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise UnsafeArchiveError(f"it is no archive, or a broken one ({error})") from None
    except OSError as error:
        raise UnsafeArchiveError(error.strerror or "it cannot be read") from None
    except UnsafeArchiveError:
        raise
    except Exception as error:  # zlib, lzma and bz2 have their own, zipfile raises whatever its parts raise
        raise UnsafeArchiveError(f"it is broken ({error})") from None


Member = tuple[PurePosixPath, int, Any]


def _of_zip(archive: zipfile.ZipFile, room: Room) -> Iterator[Member]:
    for info in archive.infolist():
        name = _checked(info.filename)
        if info.is_dir():
            room.take(0)
            continue
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise UnsafeArchiveError(f"{name} in it is a link or a device")
        if info.flag_bits & 1:
            raise UnsafeArchiveError(f"{name} in it has a password")
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise UnsafeArchiveError(f"{name} in it becomes more than {MAX_RATIO} times as large")
        room.take(info.file_size)
        yield name, info.file_size, info


def _of_tar(archive: tarfile.TarFile, packed: int, room: Room) -> Iterator[Member]:
    total = 0
    for info in archive:
        name = _checked(info.name)
        if info.isdir():
            room.take(0)
            continue
        if not info.isreg() or info.issparse():
            raise UnsafeArchiveError(f"{name} in it is a link, a device or a sparse file")
        total += info.size
        if total > max(SMALL, MAX_RATIO * packed):
            raise UnsafeArchiveError(f"it becomes more than {MAX_RATIO} times as large")
        room.take(info.size)
        yield name, info.size, info


def _checked(text: str) -> PurePosixPath:
    """The path of a file in an archive, which stays below the archive's own folder."""
    name = PurePosixPath(text.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or re.match("[A-Za-z]:", text) or "\0" in text:
        raise UnsafeArchiveError(f"{text} in it leads out of its folder")
    if len(name.parts) > MAX_DEPTH:
        raise UnsafeArchiveError(f"{text[:60]} in it lies too deep")
    return name


def _write(archive: zipfile.ZipFile | tarfile.TarFile, members: list[Member], target: Path) -> None:
    target.mkdir(parents=True)
    for name, size, info in members:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        source = archive.open(info) if isinstance(archive, zipfile.ZipFile) else archive.extractfile(info)
        if source is None:
            raise UnsafeArchiveError(f"{name} in it cannot be read")
        with closing(source), path.open("xb") as file:
            _pour(source, file, size)
