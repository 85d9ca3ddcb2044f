"""Numbered copies of the gradebook's database in a closed folder of the course, and how one is put back.

Only the gradebook is in a snapshot; the files in autograded/ and feedback/ are not. The history is never taken back:
what is restored becomes new entries of it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.course.file_access import file_access
from autograder.errors import AutograderError
from autograder.gradebook import database
from autograder.gradebook.verdict_table import utc_now
from autograder.history import entries
from autograder.history.entries import HISTORY, Author, Key, Kind
from autograder.history.gradebook_state import fingerprint_of_course, record_changes

FOLDER = ".autograder-snapshots"
MAX_SNAPSHOTS = 50
MAX_NAMED = 5  # of the changes that keep a run from being taken back


class SnapshotError(AutograderError):
    """Raised if a snapshot cannot be made, found or restored; the text says what to do."""


@dataclass(frozen=True)
class Snapshot:
    """A copy of the gradebook, and where the history ended when it was made.

    ``course`` is a hash of the assignments and students in it.
    """

    number: int
    made_at: str  # UTC, ISO 8601
    command: str
    account: str
    machine: str
    last_entry: int
    last_hash: str
    course: str
    is_server: bool

    def __str__(self) -> str:
        return f"{self.number}, of {self.made_at.replace('T', ' ')} UTC, before {self.command}"


def take(root: Path, db_url: str, author: Author) -> Snapshot:
    """Record what has changed in the gradebook, and copy it into the next snapshot of the course.

    The oldest snapshots beyond `MAX_SNAPSHOTS` are deleted. Raises `SnapshotError` if no copy can be made.
    """
    try:
        return _take(root, db_url, author)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise SnapshotError(f"no snapshot of the gradebook could be made: {reason}") from error


def load_all(root: Path) -> list[Snapshot]:
    """Return the snapshots of a course, oldest first."""
    paths = (root / FOLDER).glob("*.json")
    return sorted((Snapshot(**json.loads(path.read_text())) for path in paths), key=lambda snapshot: snapshot.number)


def find(root: Path, number: int) -> Snapshot:
    """Return a snapshot. Raises `SnapshotError` if there is none of this number."""
    snapshots = {snapshot.number: snapshot for snapshot in load_all(root)}
    if number not in snapshots:
        known = f"{min(snapshots)} to {max(snapshots)}" if snapshots else "none yet"
        raise SnapshotError(f"there is no snapshot {number}. The snapshots of this course: {known}")
    return snapshots[number]


def find_last_run(root: Path, db_url: str, author: Author) -> Snapshot:
    """Return the snapshot of before the last run. Raises `SnapshotError` if anything else has changed since."""
    snapshots = load_all(root)
    if not snapshots:
        raise SnapshotError("there is no run to take back: no snapshot was made yet")
    snapshot = snapshots[-1]
    if snapshot.command.split()[1:2] not in (["grade"], ["autograde"]):
        raise SnapshotError(f"the last snapshot was made before {snapshot.command}. Run: autograder restore NUMBER")
    engine = database.writer_engine(db_url)
    try:
        with engine.begin() as connection:
            record_changes(connection, author, is_noticed=True)
            later = entries.load(connection, after=snapshot.last_entry)
            is_same_course = fingerprint_of_course(connection) == snapshot.course
    finally:
        engine.dispose()
    others = [entry for entry in later if entry.key.kind.is_manual or entry.author.command != snapshot.command]
    if others or not is_same_course:
        what = [str(entry) for entry in others[:MAX_NAMED]]
        what += [f"{len(others) - MAX_NAMED} more"] if len(others) > MAX_NAMED else []
        what += [] if is_same_course else ["assignments or students"]
        raise SnapshotError(
            f"more than the last run has changed: {'; '.join(what)}. Nothing was taken back. "
            f"To take all of it back: autograder restore {snapshot.number}"
        )
    if not later:
        raise SnapshotError(f"{snapshot.command} has changed nothing, so there is nothing to take back")
    return snapshot


def restore(root: Path, db_url: str, snapshot: Snapshot, author: Author) -> tuple[Snapshot, list[entries.Entry]]:
    """Put the gradebook back to a snapshot, and record every value that changes with that.

    Returns a snapshot of what was there before, and the new entries of the history. The caller keeps graders out.
    """
    file = database.database_file(db_url)
    if snapshot.is_server is (file is not None):
        raise SnapshotError(f"snapshot {snapshot.number} is of another kind of database than db_url names now")
    before = take(root, db_url, author)
    data = _data_file(root / FOLDER, snapshot.number)
    if file:
        _restore_sqlite(file, data)
    else:
        _restore_server(db_url, data)
    engine = database.writer_engine(db_url)
    try:
        with engine.begin() as connection:
            entries.append(connection, [(Key("", "", Kind.RESTORED, ""), snapshot.number)], author, is_noticed=False)
            record_changes(connection, author, is_noticed=False)
            return before, entries.load(connection, after=before.last_entry + 1)
    finally:
        engine.dispose()


def _take(root: Path, db_url: str, author: Author) -> Snapshot:
    engine = database.writer_engine(db_url)
    try:
        with engine.begin() as connection:
            entries.lock(connection)
            record_changes(connection, author, is_noticed=True)
            (last_entry, last_hash), course = entries.last(connection), fingerprint_of_course(connection)
    finally:
        engine.dispose()
    folder = _closed_folder(root)
    file = database.database_file(db_url)
    number = _reserve_number(folder)
    try:
        if file:
            _copy_sqlite(file, _data_file(folder, number))
        else:
            _run_server_program("pg_dump", db_url, ["--format=custom", f"--file={_data_file(folder, number)}"])
    except BaseException:
        _delete(folder, number)
        raise
    snapshot = Snapshot(
        number,
        made_at=utc_now().isoformat(timespec="seconds"),
        command=author.command,
        account=author.account,
        machine=author.machine,
        last_entry=last_entry,
        last_hash=last_hash,
        course=course,
        is_server=file is None,
    )
    _write_description(folder, snapshot)
    for old in load_all(root)[:-MAX_SNAPSHOTS]:
        _delete(folder, old.number)
    return snapshot


def _restore_sqlite(file: Path, data: Path) -> None:
    """Put a copy in the place of the gradebook's content, with the history that is in the gradebook."""
    new = data.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        _create(new)
        _copy_sqlite(data, new)
        with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(new)) as restored:
            _copy_history(live, restored)
            restored.commit()
            restored.backup(live)
    finally:
        new.unlink(missing_ok=True)


def _copy_history(live: sqlite3.Connection, restored: sqlite3.Connection) -> None:
    rows = live.execute(f"SELECT * FROM {HISTORY.name}").fetchall()
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
    definitions = live.execute(query, (HISTORY.name,)).fetchall()
    restored.execute(f"DROP TABLE IF EXISTS {HISTORY.name}")
    for (definition,) in definitions:
        restored.execute(definition)
    places = ", ".join("?" for _ in HISTORY.columns)
    restored.executemany(f"INSERT INTO {HISTORY.name} VALUES ({places})", rows)


def _restore_server(db_url: str, data: Path) -> None:
    contents = _run_server_program("pg_restore", "", ["--list", str(data)]).splitlines()
    kept = data.with_suffix(".list")
    try:
        kept.unlink(missing_ok=True)
        _create(kept)
        kept.write_text("\n".join(line for line in contents if HISTORY.name not in line))
        words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", f"--use-list={kept}", str(data)]
        _run_server_program("pg_restore", db_url, words)
    finally:
        kept.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    address = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def _run_server_program(name: str, db_url: str, words: Sequence[str]) -> str:
    """Run a program of PostgreSQL; the password goes through the environment, where other accounts do not see it."""
    environment = dict(os.environ)
    if db_url:
        url = make_url(db_url)
        environment |= {"PGPASSWORD": str(url.password)} if url.password else {}
        address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        words = [f"--dbname={address}", *words]
    try:
        done = subprocess.run([name, *words], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise SnapshotError(f"there is no snapshot of the gradebook: {name} is missing here") from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it failed"])[0]
        raise SnapshotError(f"{name} failed on the gradebook {database.redacted_url(db_url)}: {reason}")
    return done.stdout


def _reserve_number(folder: Path) -> int:
    """Create the empty file of the next snapshot. Another process that does the same gets the number after it."""
    number = max((int(path.stem) for path in folder.glob("*.db") if path.stem.isdigit()), default=0) + 1
    while True:
        try:
            _create(_data_file(folder, number))
            return number
        except FileExistsError:
            number += 1


def _write_description(folder: Path, snapshot: Snapshot) -> None:
    """Write the file that makes a snapshot count, once the copy is complete."""
    path, new = folder / f"{snapshot.number:04}.json", folder / f"{snapshot.number:04}.json.new"
    new.unlink(missing_ok=True)
    _create(new)
    new.write_text(json.dumps(asdict(snapshot), indent=1))
    new.rename(path)


def _closed_folder(root: Path) -> Path:
    """Return the folder of the snapshots, which only those who grade the course can use."""
    folder = root / FOLDER
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        folder.chmod(file_access(root).folder_mode)
    return folder


def _create(path: Path) -> None:
    """Create an empty file in the folder of the snapshots, with its access. Raises `FileExistsError`."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    path.chmod(file_access(path.parent).file_mode)


def _data_file(folder: Path, number: int) -> Path:
    return folder / f"{number:04}.db"


def _delete(folder: Path, number: int) -> None:
    for path in (folder / f"{number:04}.json", _data_file(folder, number)):
        path.unlink(missing_ok=True)
