"""What students get where there is no exchange: one zip an assignment, for an LMS or a web page."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from autograder.authoring import build
from autograder.course.settings import Course
from autograder.errors import AutograderError

REQUIREMENTS = "numpy\nmatplotlib\npytest\njupyterlab\n"
MARK = b"made by autograder kit"  # the comment of our zips: they may be replaced
_WHEN = (1980, 1, 1, 0, 0, 0)  # a fixed date, and no compression: the same bytes on every system

README = """\
# {title}: {assignment}

You need Python 3.11 or newer. In this folder:

    python -m pip install -r requirements.txt
    jupyter lab {assignment}.ipynb

Keep the notebook in this folder, beside the other files. {check}

Hand in `{assignment}.ipynb`, saved.
"""
CHECK = """\
Three ways to check your work say the same: the cell
`check(...)` in the notebook, and in a terminal `python selfcheck.py` or `python -m pytest` (save the notebook first).\
"""


class KitError(AutograderError):
    """Nothing was packed; the text says why and what would work."""


def pack_kits(course: Course, out: Path, *, force: bool = False) -> list[Path]:
    """Write ``out/<assignment>.zip`` for each assignment and the students' nbgrader_config.py; return the paths.

    Raises `KitError` where assignments/ is not as built, or where a file would be overwritten that is not a kit's
    (``force`` overwrites it).
    """
    if stale := build.check(course):
        raise KitError(f"{'; '.join(stale)}. Run `autograder build` first.")
    files = {out / f"{lesson.assignment}.zip": _zip(course, lesson.assignment) for lesson in course.lessons_in_order()}
    files[out / "nbgrader_config.py"] = student_config(course).encode()
    theirs = [path for path, data in files.items() if path.exists() and not _ours(path, data)]
    if theirs and not force:
        raise KitError(f"{', '.join(map(str, theirs))} is not a kit's file. Name another folder, or use --force.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            path.write_bytes(data)
    except OSError as error:
        raise KitError(f"{out} cannot be written: {error.strerror}. Name a folder of your own.") from None
    return list(files)


def student_config(course: Course) -> str:
    """The students' nbgrader_config.py: which course, and where its exchange is."""
    return (
        f'"""nbgrader for students of {course.course_id}: run its commands in the folder where this file lies.\n\n'
        f'{MARK.decode()}\n"""\n\n'
        "c = get_config()  # noqa: F821 (nbgrader puts it here)\n"
        f"c.CourseDirectory.course_id = {course.course_id!r}\n"
        f"c.Exchange.root = {str(course.exchange)!r}\n"
    )


def _zip(course: Course, assignment: str) -> bytes:
    """The assignment's folder with a README and the requirements, as bytes that depend on nothing else."""
    folder = course.root / "assignments" / assignment
    check = CHECK if (folder / "selfcheck.py").is_file() else "This one is not checked by a program: run it, and write."
    files = {
        "README.md": README.format(title=course.title, assignment=assignment, check=check).encode(),
        "requirements.txt": REQUIREMENTS.encode(),
        **{str(name): data for name, data in build.files_below(folder).items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = MARK
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{assignment}/{name}", _WHEN)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return buffer.getvalue()


def _ours(path: Path, data: bytes) -> bool:
    """Whether the file there may be replaced: it is a kit's, or it holds these very bytes."""
    if not path.is_file():
        return False
    there = path.read_bytes()
    return there == data or MARK in there
