"""Run commands and read files as other accounts of the machine, which only root can."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

GROUP = 60100
# In a mount namespace: the accounts have names, and the folder $1, in which this Python is, can be reached even if it
# is in root's home.
_PREPARE = """
set -e
mount --make-rprivate /
folder=$(mktemp -d)
mount -t tmpfs -o mode=755 tmpfs "$folder"
{ cat /etc/passwd; echo "$2"; } > "$folder/passwd"
{ cat /etc/group; echo "$3"; } > "$folder/group"
mount --bind "$folder/passwd" /etc/passwd
mount --bind "$folder/group" /etc/group
case "$1" in /root/*)
    mkdir "$folder/python"
    mount --bind "$1" "$folder/python"
    mount -t tmpfs -o mode=755 tmpfs /root
    mkdir -p "$1"
    mount --bind "$folder/python" "$1"
esac
umount --lazy "$folder"
rmdir "$folder"
shift 3
exec "$@"
"""


@dataclass(frozen=True)
class Account:
    """An account by its number, with the groups that it is in besides its own."""

    name: str
    number: int
    groups: tuple[int, ...] = ()

    def run(self, *words: str, cwd: Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of this environment under the umask 0, with an empty home folder unless one is named."""
        groups = ["--groups", ",".join(map(str, self.groups))] if self.groups else ["--clear-groups"]
        as_account = ["setpriv", f"--reuid={self.number}", f"--regid={self.number}", *groups]
        with self._new_home() as new_home:
            environment = {
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                "HOME": str(home or new_home),
                "LANG": "C.UTF-8",
                "LOGNAME": self.name,
                "JUPYTERHUB_USER": self.name,
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            return subprocess.run(
                [*_in_namespace(), *as_account, *words],
                cwd=cwd,
                env=environment,
                umask=0,
                capture_output=True,
                text=True,
                check=False,
            )

    def readable(self, paths: list[Path]) -> list[Path]:
        """Return those of the files that the account can read, and those of the folders that it can list."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            found = b""
            try:
                os.setgroups(self.groups)
                os.setgid(self.number)
                os.setuid(self.number)
                found = "\n".join(str(path) for path in paths if _can_read(path)).encode()
            finally:
                with open(writer, "wb") as pipe:
                    pipe.write(found)
                os._exit(0)
        os.close(writer)
        with open(reader, "rb") as pipe:
            found = pipe.read()
        assert os.waitpid(child, 0)[1] == 0
        return [Path(line) for line in found.decode().splitlines()]

    @contextmanager
    def _new_home(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as name:
            os.chown(name, self.number, self.number)
            yield Path(name)


def _can_read(path: Path) -> bool:
    try:
        if path.is_dir():
            os.listdir(path)
        else:
            path.read_bytes()
    except OSError:
        return False
    return True


def _in_namespace() -> list[str]:
    accounts = "\n".join(f"{account.name}:x:{account.number}:{account.number}::/:/bin/sh" for account in ACCOUNTS)
    graders = ",".join(account.name for account in ACCOUNTS if GROUP in account.groups)
    python = str(Path(sys.base_prefix).resolve())
    return ["unshare", "--mount", "sh", "-c", _PREPARE, "sh", python, accounts, f"graders:x:{GROUP}:{graders}"]


OWNER, SECOND_GRADER = Account("owner", 60001, (GROUP,)), Account("second", 60002, (GROUP,))
STUDENT, OTHER_STUDENT = Account("novak", 60003), Account("popa", 60004)
ACCOUNTS = (OWNER, SECOND_GRADER, STUDENT, OTHER_STUDENT)


@functools.cache
def can_act_as_others() -> bool:
    """Whether this process may run commands as other accounts."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    return STUDENT.run(sys.executable, "-c", "import autograder", cwd=Path("/")).returncode == 0


@contextmanager
def public_folder() -> Iterator[Path]:
    """A new folder that every account can reach, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
