"""Unpacking refuses links, paths out of the folder, decompression bombs and damaged archives, with a reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from autograder.submission.archives import (
    ALWAYS_ALLOWED_BYTES,
    Quota,
    UnsafeArchiveError,
    is_archive,
    read_members,
    unpack,
)


def make_zip(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


def make_tar(path: Path, *members: tarfile.TarInfo, data: bytes = b"text") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for info in members:
            info.size = len(data) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(data))
    return path


def zip_link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("3-softmax.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def tar_member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def damaged_zip(path: Path) -> Path:
    make_zip(path, ("a.ipynb", os.urandom(5000)))
    data = bytearray(path.read_bytes())
    data[1000:1010] = bytes(10)
    path.write_bytes(data)
    return path


UNSAFE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a path out of the folder": (lambda p: make_zip(p, ("../../gradebook.db", b"x")), "leads out"),
    "a path out with backslashes": (lambda p: make_zip(p, ("..\\..\\gradebook.db", b"x")), "leads out"),
    "an absolute path": (lambda p: make_zip(p, ("/etc/passwd", b"x")), "leads out"),
    "a Windows drive": (lambda p: make_zip(p, ("C:/x", b"x")), "leads out"),
    "a link": (lambda p: make_zip(p, (zip_link(), b"../../.autograder-secret")), "a link"),
    "a deep path": (lambda p: make_zip(p, ("a/" * 50 + "x", b"x")), "too many nested folders"),
    "a bomb": (lambda p: make_zip(p, ("zeros", bytes(60 << 20))), "times as large"),
    "too many files": (lambda p: make_zip(p, *((str(number), b"") for number in range(101))), "too many files"),
    "too many bytes": (lambda p: make_zip(p, ("x", os.urandom(2 << 20))), "too large"),
    "a file and a folder of one name": (lambda p: make_zip(p, ("a", b"x"), ("a/b", b"y")), "File exists|Not a direct"),
    "damage": (damaged_zip, "damaged"),
    "no archive": (lambda p: p.write_bytes(b"text") and p, "not an archive"),
    "a tar link": (lambda p: make_tar(p, tar_member("x", tarfile.SYMTYPE, "/etc/passwd")), "a link"),
    "a tar hard link": (lambda p: make_tar(p, tar_member("x", tarfile.LNKTYPE, "y")), "a link"),
    "a tar device": (lambda p: make_tar(p, tar_member("x", tarfile.FIFOTYPE)), "a device"),
    "a tar path out of the folder": (lambda p: make_tar(p, tar_member("../x")), "leads out"),
    "a tar sparse file": (lambda p: make_tar(p, tar_member("x", tarfile.GNUTYPE_SPARSE)), "sparse"),
    "a tar bomb": (lambda p: make_tar(p, tar_member("x"), data=bytes(60 << 20)), "times as large"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", UNSAFE)
def test_an_unsafe_archive_is_refused_and_nothing_leaves_its_folder(kind: str, tmp_path: Path) -> None:
    make, reason = UNSAFE[kind]
    archive = make(tmp_path / "download.zip")
    folder = tmp_path / "a" / "b" / "download"
    max_bytes = 1 << 20 if kind == "too many bytes" else 100 << 20
    with pytest.raises(UnsafeArchiveError, match=reason):
        unpack(archive, folder, Quota(100, max_bytes))
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - set(folder.rglob("*")) == {archive}


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_safe_archive_is_unpacked_completely(kind: str, tmp_path: Path) -> None:
    notebook = os.urandom(100_000)
    name = "a/b/3-softmax.ipynb"
    if kind == "zip":
        archive = make_zip(tmp_path / "download", (name, notebook), ("empty", b""))
    else:
        archive = make_tar(tmp_path / "download", tar_member(name), data=notebook)
    unpack(archive, tmp_path / "folder", Quota(10, 1 << 20))
    assert (tmp_path / "folder" / name).read_bytes() == notebook


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_compressed_by_itself_is_read_in_memory(compress: Callable[[bytes], bytes]) -> None:
    assert is_archive(compress(b"text"))
    assert read_members(compress(b"text"), Quota(1, 4)) == {PurePosixPath("."): b"text"}
    for quota in (Quota(1, 3), Quota(0, 4)):
        with pytest.raises(UnsafeArchiveError):
            read_members(compress(b"text"), quota)
    with pytest.raises(UnsafeArchiveError):
        read_members(compress(b"text" * 9)[:-12], Quota(1, 99))
    with pytest.raises(UnsafeArchiveError):
        read_members(compress(b" " * (ALWAYS_ALLOWED_BYTES + 1)), Quota(1, 1 << 30))
