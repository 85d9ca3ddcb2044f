"""Unpack untrusted archives: no links, no paths out of the folder, no decompression bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

MAX_DEPTH = 12  # folders inside each other
MAX_RATIO = 200  # an unpacked file may be this many times as large as its packed form,
ALWAYS_ALLOWED_BYTES = 10 << 20  # or this large, because small files of zeros compress better than that
_CHUNK_BYTES = 1 << 20
# How files begin that were compressed without an archive, and what reads them.
_COMPRESSIONS: Mapping[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


class UnsafeArchiveError(Exception):
    """Raised if an archive must not be unpacked, or a file must not be copied; the text says why."""


@dataclass
class Quota:
    """The remaining number of files and bytes that unpacking may write."""

    files: int
    bytes: float

    def take(self, size: int) -> None:
        """Count one file of this size; raise `UnsafeArchiveError` if it exceeds the quota."""
        if self.files < 1:
            raise UnsafeArchiveError("there are too many files")
        if size > self.bytes:
            raise UnsafeArchiveError("it is too large")
        self.files -= 1
        self.bytes -= size


class _Member(NamedTuple):
    path: PurePosixPath
    size: int
    info: zipfile.ZipInfo | tarfile.TarInfo


def unpack(archive: Path, folder: Path, quota: Quota) -> None:
    """Unpack a zip or tar archive into a new folder.

    Every member is checked before the first byte is written. Raises `UnsafeArchiveError` if a member is a link, a
    device, a path out of the folder or too large, or if the archive is damaged.
    """
    with _clear_errors():
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened_zip:
                _write_members(opened_zip, list(_zip_members(opened_zip, quota)), folder)
        else:
            with tarfile.open(archive) as opened_tar:
                _write_members(opened_tar, list(_tar_members(opened_tar, archive.stat().st_size, quota)), folder)


def read_members(data: bytes, quota: Quota) -> dict[PurePosixPath, bytes]:
    """Return the files in a zip or tar archive in memory.

    A single file that was compressed without an archive has the path ".". Raises `UnsafeArchiveError` as `unpack` does.
    """
    with _clear_errors():
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as opened_zip:
                return _read(opened_zip, list(_zip_members(opened_zip, quota)))
        opener = next((opener for magic, opener in _COMPRESSIONS.items() if data.startswith(magic)), None)
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as opened_tar:
                return _read(opened_tar, list(_tar_members(opened_tar, len(data), quota)))
        except tarfile.ReadError:
            if opener is None:
                raise
        limit = int(min(quota.bytes, max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * len(data))))
        with opener(io.BytesIO(data)) as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise UnsafeArchiveError(f"it is too large, or becomes more than {MAX_RATIO} times as large")
        quota.take(len(content))
        return {PurePosixPath("."): content}
    raise AssertionError("the block above returns or raises")


def is_archive(data: bytes) -> bool:
    """Whether data look like an archive or a compressed file."""
    return data.startswith((b"PK\3\4", *_COMPRESSIONS)) or data[257:262] == b"ustar"


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn every error of the modules for archives into an `UnsafeArchiveError`."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise UnsafeArchiveError(f"it is not an archive, or it is damaged ({error})") from None
    except OSError as error:
        raise UnsafeArchiveError(error.strerror or "it cannot be read") from None
    except UnsafeArchiveError:
        raise
    except Exception as error:
        # zlib, lzma and bz2 have their own exceptions, and zipfile passes on whatever its parts raise.
        raise UnsafeArchiveError(f"it is damaged ({error})") from None


def copy_bytes(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy at most ``size`` bytes, the number that was counted against the quota."""
    while size > 0 and (chunk := source.read(min(_CHUNK_BYTES, size))):
        target.write(chunk)
        size -= len(chunk)


def _zip_members(archive: zipfile.ZipFile, quota: Quota) -> Iterator[_Member]:
    for info in archive.infolist():
        path = _safe_path(info.filename)
        if info.is_dir():
            quota.take(0)
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise UnsafeArchiveError(f"{path} in it is a link or a device")
        if info.flag_bits & 1:
            raise UnsafeArchiveError(f"{path} in it has a password")
        if info.file_size > max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * info.compress_size):
            raise UnsafeArchiveError(f"{path} in it becomes more than {MAX_RATIO} times as large")
        quota.take(info.file_size)
        yield _Member(path, info.file_size, info)


def _tar_members(archive: tarfile.TarFile, packed_bytes: int, quota: Quota) -> Iterator[_Member]:
    total_bytes = 0
    for info in archive:
        path = _safe_path(info.name)
        if info.isdir():
            quota.take(0)
            continue
        if not info.isreg() or info.issparse():
            raise UnsafeArchiveError(f"{path} in it is a link, a device or a sparse file")
        total_bytes += info.size
        if total_bytes > max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * packed_bytes):
            raise UnsafeArchiveError(f"it becomes more than {MAX_RATIO} times as large")
        quota.take(info.size)
        yield _Member(path, info.size, info)


def _safe_path(name: str) -> PurePosixPath:
    """Return a member's path, which must stay inside the folder that it is unpacked into."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match("[A-Za-z]:", name) or "\0" in name:
        raise UnsafeArchiveError(f"{name} in it leads out of its folder")
    if len(path.parts) > MAX_DEPTH:
        raise UnsafeArchiveError(f"{name[:60]} in it is in too many nested folders")
    return path


def _write_members(archive: zipfile.ZipFile | tarfile.TarFile, members: list[_Member], folder: Path) -> None:
    folder.mkdir(parents=True)
    for member in members:
        path = folder / member.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open_member(archive, member)) as source, path.open("xb") as target:
            copy_bytes(source, target, member.size)


def _read(archive: zipfile.ZipFile | tarfile.TarFile, members: list[_Member]) -> dict[PurePosixPath, bytes]:
    contents: dict[PurePosixPath, bytes] = {}
    for member in members:
        with closing(_open_member(archive, member)) as source:
            contents[member.path] = source.read(member.size)
    return contents


def _open_member(archive: zipfile.ZipFile | tarfile.TarFile, member: _Member) -> IO[bytes]:
    if isinstance(archive, zipfile.ZipFile):
        assert isinstance(member.info, zipfile.ZipInfo)
        return archive.open(member.info)
    assert isinstance(member.info, tarfile.TarInfo)
    source = archive.extractfile(member.info)
    if source is None:
        raise UnsafeArchiveError(f"{member.path} in it cannot be read")
    return source
