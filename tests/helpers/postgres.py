"""Start a PostgreSQL server for tests: a temporary cluster that listens on a unix socket in its folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.helpers.processes import dies_with_us
from tests.helpers.waiting import PATIENCE

USER, PASSWORD = "grader", "4-Tr0ub4dor"
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # nothing here outlives its test


class Server:
    """A running server, with methods to create databases and to stop it."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._folder, self._process = folder, process
        self._engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        """The ``db_url`` of a database, with no % in it: `nbgrader db upgrade` cannot read that."""
        return f"postgresql://{user}:{password}@/{database}?host={self._folder}"

    def new(self) -> str:
        """The ``db_url`` of a new, empty database."""
        name = f"gradebook_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, sql: str) -> None:
        """Run a statement outside any transaction; the first one waits until the server is ready."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self._engine.connect() as connection:
                    connection.execute(text(sql))
                return
            except OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError((self._folder / "log").read_text()) from error
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server at once, without saving its data."""
        self._engine.dispose()
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def program(name: str) -> str | None:
    """Find one of the server's programs, which Debian keeps out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return shutil.which(name) or next(map(str, reversed(debian)), None)


# What tests of the gradebook are run with. Where there is no server, only those that ask for one are skipped.
KINDS = ("sqlite", "postgresql") if program("initdb") and program("postgres") else ("sqlite",)


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Run a server with these settings, by default fast and without durability; skip the test if none is installed."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("there is no PostgreSQL server here: apt-get install postgresql")
    # A folder beside pytest's own: the path of a socket is short, and the server's account has to get there.
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as name:
        folder, secret = Path(name), Path(name, "password")
        secret.write_text(PASSWORD)
        common: dict[str, Any] = {"cwd": folder, "stderr": subprocess.STDOUT, **_account(folder, secret)}
        words = ["-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run([initdb, "-D", "data", *words], stdout=subprocess.PIPE, check=False, **common)
        assert made.returncode == 0, made.stdout.decode()
        settings = {"listen_addresses": "", "unix_socket_directories": name, **_CARELESS, **settings}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with Path(name, "log").open("wb") as log:
            process = subprocess.Popen([*dies_with_us(), postgres, "-D", "data", *options], stdout=log, **common)
        server = Server(folder, process)
        try:
            server.run("SELECT 1")
            yield server
        finally:
            server.stop()


def _account(*paths: Path) -> dict[str, Any]:
    """The account that starts the server, which refuses to run as root."""
    if os.getuid() != 0:
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    for path in paths:
        os.chown(path, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
