"""The seeds that hidden inputs are drawn from: HMAC(course secret, assignment, student).

The secret is a file in the course directory, outside git, readable by its owner and the course's graders only. The
first command that needs it creates it. Seeds are stored only in the gradebook's verdict table and printed only by
``judge``. Of the secret, only a fingerprint is stored, so that another secret is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from autograder.course.file_access import file_access
from autograder.errors import AutograderError

SECRET_FILE = ".autograder-secret"
_SECRET_BYTES = 32
_FINGERPRINT_LABEL = b"attention-course: fingerprint of the course secret\n"
HOW_TO_SHARE = "Run the command as its owner, or let the owner share the course: docs/instructor.md, Several graders."
_SEED_BITS = 52  # every JSON parser reads an integer of this size exactly


class SecretError(AutograderError):
    """Raised if the course secret cannot be read or created."""


def seed_for(course_root: Path, assignment: str, student: str) -> int:
    """Return the seed for one student's submission, from 0 to 2**52 - 1.

    It stays the same as long as the secret does. Raises `SecretError`.
    """
    # Folder names may contain any bytes. The length before each name keeps ("ab", "c") and ("a", "bc") apart.
    names = [name.encode("utf-8", "surrogateescape") for name in (assignment, student)]
    message = b"".join(len(name).to_bytes(4, "big") + name for name in names)
    digest = hmac.new(_load_secret(course_root / SECRET_FILE), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _SEED_BITS)


def fingerprint(course_root: Path) -> str:
    """Return a hash that identifies the secret and says nothing about it or about seeds. Raises `SecretError`."""
    return hashlib.sha256(_FINGERPRINT_LABEL + _load_secret(course_root / SECRET_FILE)).hexdigest()


def check_secret(course_root: Path) -> None:
    """Raise `SecretError` if the course has a secret, and this account cannot use it."""
    if (course_root / SECRET_FILE).exists():
        _load_secret(course_root / SECRET_FILE)


def fresh_seed() -> int:
    """Return a seed that nobody can guess, for a single verdict."""
    return secrets.randbits(_SEED_BITS)


def _load_secret(path: Path) -> bytes:
    try:
        if not path.exists():
            _create_secret(path)
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise SecretError(f"{path} cannot be used: {error.strerror}. {HOW_TO_SHARE}") from None
    except ValueError:
        secret = b""
    if len(secret) < _SECRET_BYTES:
        raise SecretError(
            f"{path} contains no valid secret. Restore it from a backup. If you have none, delete it: the next command "
            "creates a new one, and a regrade then draws other hidden inputs."
        )
    return secret


def _create_secret(path: Path) -> None:
    """Write a new secret next to ``path``, then link it there, so that another process sees all of it or nothing."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        # The umask may have removed the owner's own permissions.
        os.fchmod(descriptor, file_access(path.parent).file_mode)
        os.write(descriptor, secrets.token_hex(_SECRET_BYTES).encode() + b"\n")
        os.fsync(descriptor)
        # If another process was first, its secret is used.
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        os.close(descriptor)
        temporary.unlink()
