"""Doctor's checks of who can read and write what: the course's files, and the exchange.

No advice opens a folder except the exchange itself, and that only if it is outside the course.
"""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.commands.finding import Finding
from autograder.course.file_access import FileAccess, file_access
from autograder.course.settings import Course

_READ, _WRITE, _EXECUTE = 4, 2, 1
_ALL = _READ | _WRITE | _EXECUTE
_ELSEWHERE = "/srv/nbgrader/exchange"
_FOR_STUDENTS_HERE = (
    "Enough for a kit or an LMS. For students with accounts on this machine, name a folder outside the course in "
    f"course.yml that every account can reach, such as: exchange: {_ELSEWHERE}"
)
_HOW_TO_SHARE = "Remove the setting, or share the folder with the graders' group: docs/instructor.md, Several graders."


def check_course_access(course: Course) -> Iterator[Finding]:
    """Check that only the course's owner, or its group of graders, can use its files."""
    from autograder.nbgrader_plugin.effective_config import load_effective_config  # slow to load

    access, config = file_access(course.root), load_effective_config(course.root)
    paths = [course.root, *_course_paths(course, config.gradebook_file)]
    exposed = [path for path in paths if is_reachable(path, access) and _is_exposed(path, access, course.root)]
    if exposed:
        text = f"other accounts can read or write: {_list_names(exposed, course.root)}"
        yield Finding(False, text, _closing_command(exposed, course.root, access))
    else:
        yield Finding(True, "no other account can read or write the course's files")
    for parent in course.root.resolve().parents:
        if parent.stat().st_mode & (_WRITE | stat.S_ISVTX) == _WRITE:
            text = f"other accounts can put another folder in place of the course, because they can write to {parent}"
            yield Finding(False, text, "Move the course into a folder that only you can write to.")
    if config.is_group_shared and not access.is_shared:
        yield Finding(False, "nbgrader's groupshared is set, but the course folder is not shared", _HOW_TO_SHARE)
    yield from _check_graders(course.root, access, paths)


def _check_graders(root: Path, access: FileAccess, paths: list[Path]) -> Iterator[Finding]:
    """Check who can grade, and that every file can be used by all graders."""
    if access.group is None:
        yield Finding(True, f"graders: only {_user_name(root.stat().st_uid)}, who owns the course folder")
        return
    name, members = _group_name(access.group), _members(access.group)
    yield Finding(
        True, f"graders: the group {name} of the course folder ({', '.join(sorted(members)) or 'no members'})"
    )
    students = members & _submitted_ids(root)
    if students:
        advice = "Remove them from the group, or give the course folder another group."
        yield Finding(False, f"in the group {name} are students: {', '.join(sorted(students))}", advice)
    unusable = [path for path in paths if not _is_usable_by_group(path, access.group, root)]
    if unusable:
        text = f"the group {name} cannot use all of: {_list_names(unusable, root)}"
        yield Finding(False, text, _closing_command(unusable, root, access))


def check_exchange(course: Course) -> Iterator[Finding]:
    """Check that the exchange is there and writable, and what students on this machine can do in it."""
    folder, quoted = course.exchange, shlex.quote(str(course.exchange))
    if not folder.is_dir():
        yield Finding(
            False, f"the exchange {folder} does not exist", f"mkdir -p {quoted}, or name another in course.yml"
        )
        return
    if os.access(folder, os.W_OK | os.X_OK):
        yield Finding(True, f"exchange {folder}")
    else:
        yield Finding(False, f"this account cannot write to the exchange {folder}", "Change the owner of the folder.")
    access = file_access(course.root)
    if folder.is_relative_to(course.root) or folder.resolve().is_relative_to(course.root.resolve()):
        text = "the exchange is inside the course, which is for graders only"
        yield Finding(not is_reachable(folder, access), text, _FOR_STUDENTS_HERE)
        return
    if not is_reachable(folder, access):
        yield Finding(True, "exchange: only this account can reach it", _FOR_STUDENTS_HERE)
        return
    yield from _check_open_exchange(course, access)


def _check_open_exchange(course: Course, access: FileAccess) -> Iterator[Finding]:
    """Check an exchange that other accounts can reach: they submit there, and neither list nor replace anything."""
    folder, status = course.exchange, course.exchange.stat()
    quoted = shlex.quote(str(folder))
    if access.group is not None and not (status.st_gid == access.group and status.st_mode & stat.S_ISGID):
        name = _group_name(access.group)
        command = f"chgrp -R {shlex.quote(name)} {quoted} && chmod g+s {quoted}"
        yield Finding(False, f"the exchange does not pass on the graders' group {name}", command)
    if status.st_mode & _ALL != _ALL:
        yield Finding(True, "exchange: students on this machine cannot use it yet", f"For them: chmod a+rwxt {quoted}")
    elif not status.st_mode & stat.S_ISVTX:
        text = "any account can rename or replace the course's folder in the exchange"
        yield Finding(False, text, f"chmod +t {quoted}")
    else:
        yield Finding(True, "exchange: students on this machine can use it")
    for name, forbidden, symbol in (
        (".", _WRITE, "w"),
        ("outbound", _WRITE, "w"),
        ("inbound", _READ, "r"),
        ("feedback", _READ | _WRITE, "rw"),
    ):
        path = folder / course.course_id / name
        granted = _foreign_bits(path.stat(), access) & forbidden if path.is_dir() else 0
        if granted:
            what = "list" if granted & _READ else "change"
            classes = "go" if path.stat().st_gid != access.group else "o"
            yield Finding(
                False, f"other accounts can {what} {path}", f"chmod {classes}-{symbol} {shlex.quote(str(path))}"
            )


def is_reachable(path: Path, access: FileAccess) -> bool:
    """Whether an account that is neither owner nor grader can enter every folder above a path."""
    return all(_foreign_bits(folder.stat(), access) & _EXECUTE for folder in path.resolve().parents)


def _course_paths(course: Course, gradebook: Path | None) -> list[Path]:
    """Return what is in the course folder, except the exchange, and what belongs to a gradebook outside of it."""
    exchange = course.exchange.resolve()
    entries = [path for path in sorted(course.root.iterdir()) if not exchange.is_relative_to(path.resolve())]
    if gradebook and not gradebook.resolve().is_relative_to(course.root.resolve()):
        entries += sorted(path for path in gradebook.parent.iterdir() if path.name.startswith(gradebook.name))
    return [path for path in entries if path.exists()]


def _is_exposed(path: Path, access: FileAccess, root: Path) -> bool:
    """Whether a foreign account can use a path that it can reach, or anything in it. Of the root only its own mode."""
    if path == root:
        return bool(_foreign_bits(path.stat(), access) & _ALL)
    return any(_foreign_bits(status, access) & _needed(status) for status in _statuses(path.resolve(), access))


def _needed(status: os.stat_result) -> int:
    # Who can enter a folder needs no list of its files: their names are known or can be guessed.
    return _ALL if stat.S_ISDIR(status.st_mode) else _READ | _WRITE


def _is_usable_by_group(path: Path, group: int, root: Path) -> bool:
    statuses = [path.stat()] if path == root else _statuses(path.resolve(), None)
    return all(_is_shared(status, group) for status in statuses)


def _is_shared(status: os.stat_result, group: int) -> bool:
    """Whether the graders may do what the owner may do, and, in a folder, will get its new files too."""
    same = status.st_mode >> 3 & _ALL == status.st_mode >> 6 & _ALL
    return status.st_gid == group and same and bool(not stat.S_ISDIR(status.st_mode) or status.st_mode & stat.S_ISGID)


def _statuses(path: Path, access: FileAccess | None) -> Iterator[os.stat_result]:
    """Yield the status of a path and of all in it; with ``access``, only of what a foreign account can reach."""
    pending = [path]
    while pending:
        current = pending.pop()
        try:
            status = current.lstat()
            if stat.S_ISLNK(status.st_mode):
                continue
            yield status
            if stat.S_ISDIR(status.st_mode) and (access is None or _foreign_bits(status, access) & _EXECUTE):
                pending += current.iterdir()
        except OSError:
            continue  # gone meanwhile, or of another account


def _foreign_bits(status: os.stat_result, access: FileAccess) -> int:
    """Return what an account may do that is neither the owner nor a grader."""
    others, group = status.st_mode & _ALL, status.st_mode >> 3 & _ALL
    return others if status.st_gid == access.group else others | group


def _closing_command(paths: list[Path], root: Path, access: FileAccess) -> str:
    """Return the command after which only the owner, or the graders' group, can use some paths."""
    folder = [shlex.quote(str(path)) for path in paths if path == root]
    rest = [shlex.quote(str(path.resolve())) for path in paths if path != root]
    if access.group is None:
        commands = [("chmod go-rwx", folder), ("chmod -R go-rwx", rest)]
    else:
        group = shlex.quote(_group_name(access.group))
        commands = [
            (f"chgrp {group}", folder),
            ("chmod u+rwx,g=u,o=,g+s", folder),
            (f"chgrp -R {group}", rest),
            ("chmod -R g=u,o=", rest),
        ]
    parts = [" ".join([command, *names]) for command, names in commands if names]
    if access.group is not None and rest:
        parts.append(f"find {' '.join(rest)} -type d -exec chmod g+s {{}} +")
    return " && ".join(parts)


def _list_names(paths: Iterable[Path], root: Path) -> str:
    return ", ".join("the course folder" if path == root else _display_name(path, root) for path in paths)


def _display_name(path: Path, root: Path) -> str:
    name = str(path.relative_to(root) if path.is_relative_to(root) else path)
    return f"{name}/" if path.is_dir() else name


def _submitted_ids(root: Path) -> set[str]:
    folder = root / "submitted"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _group_name(group: int) -> str:
    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


def _members(group: int) -> set[str]:
    """Return the accounts in a group, as far as this machine lists them."""
    try:
        named = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        named = set()
    return named | {account.pw_name for account in pwd.getpwall() if account.pw_gid == group}


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
