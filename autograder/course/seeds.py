"""The seeds that hidden inputs are drawn from: HMAC(course secret, assignment, student).

The secret stands in the course directory, outside git, readable by its owner only; whichever command first needs it
makes it. A seed stands in the gradebook's own table and in ``judge --json``, nowhere else.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from autograder.errors import AutograderError

SECRET = ".autograder-secret"
_BYTES = 32
_BITS = 52  # every JSON reader keeps such an integer exactly


class SecretError(AutograderError):
    """The secret cannot be read or made; the text says what would work."""


def seed_for(root: Path, assignment: str, student: str) -> int:
    """The seed of one student's submission, from 0 to 2**52 - 1; the same each time while the secret is the same."""
    # Lengths go first, so that no two pairs of names give the same message.
    parts = [
        name.encode("utf-8", "surrogateescape") for name in (assignment, student)
    ]  # a folder's name may be any bytes
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    digest = hmac.new(_secret(root), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _BITS)


def fresh_seed() -> int:
    """A seed that nobody can guess, for a single verdict."""
    return secrets.randbits(_BITS)


def _secret(root: Path) -> bytes:
    path = root / SECRET
    try:
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise SecretError(f"{path} cannot be used: {error.strerror}. Run the command as its owner.") from None
    except ValueError:
        secret = b""
    if len(secret) < _BYTES:
        raise SecretError(
            f"{path} holds no secret. Restore it from a copy; if there is none, delete it: a new one is made, and a "
            "regrade then draws other hidden inputs."
        )
    return secret


def _make(path: Path) -> None:
    """Write a new secret beside the path, then link it there: a second process finds all of it or nothing."""
    new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        os.write(descriptor, secrets.token_hex(_BYTES).encode() + b"\n")
        os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):  # another process was first: its secret holds
            os.link(new, path)
    finally:
        os.close(descriptor)
        new.unlink()
