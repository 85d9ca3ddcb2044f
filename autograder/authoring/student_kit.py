"""Pack what students get if the course has no exchange: one zip file for each assignment."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from autograder.authoring import build
from autograder.course.settings import Course
from autograder.errors import AutograderError

REQUIREMENTS = "numpy\nmatplotlib\npytest\njupyterlab\n"
KIT_MARK = b"made by autograder kit"  # identifies files of an earlier kit, which may be replaced
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # so that a kit has the same bytes each time

README = """\
# {title}: {assignment}

You need Python 3.11 or newer. In this folder:

    python -m pip install -r requirements.txt
    jupyter lab {assignment}.ipynb

Keep the notebook in this folder with the other files. {check}

Save `{assignment}.ipynb` and submit it.
"""
CHECK = """\
You can check your work in three ways, with the same result. In the
notebook, run the cell `check(...)`. Or save the notebook and run, in a terminal, `python selfcheck.py` or
`python -m pytest`.\
"""
NO_CHECK = "No program checks this one: run it, and write."


class KitError(AutograderError):
    """Raised if the kit cannot be packed. Nothing was written, except if a write failed."""


def pack_kits(course: Course, out: Path, *, force: bool = False) -> list[Path]:
    """Write ``out/<assignment>.zip`` for each assignment and the students' nbgrader_config.py, and return the paths.

    Raises `KitError` if assignments/ is not as built, or if a file would be overwritten that no kit wrote; ``force``
    overwrites it.
    """
    if differences := build.list_differences(course):
        raise KitError(f"{'; '.join(differences)}. Run `autograder build` first.")
    files = {
        out / f"{lesson.assignment}.zip": _build_zip(course, lesson.assignment) for lesson in course.lessons_in_order()
    }
    files[out / "nbgrader_config.py"] = student_config(course).encode()
    others = [path for path, content in files.items() if path.exists() and not _is_replaceable(path, content)]
    if others and not force:
        raise KitError(f"not written by a kit: {', '.join(map(str, others))}. Name another folder, or use --force.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_bytes(content)
    except OSError as error:
        raise KitError(f"{out} cannot be written: {error.strerror}. Name a folder that you may write to.") from None
    return list(files)


def student_config(course: Course) -> str:
    """Return the text of the students' nbgrader_config.py, which names the course and its exchange."""
    return (
        f'"""nbgrader for students of {course.course_id}: run its commands in the folder of this file.\n\n'
        f'{KIT_MARK.decode()}\n"""\n\n'
        "c = get_config()  # noqa: F821 (nbgrader puts it here)\n"
        f"c.CourseDirectory.course_id = {course.course_id!r}\n"
        f"c.Exchange.root = {str(course.exchange)!r}\n"
    )


def _build_zip(course: Course, assignment: str) -> bytes:
    """Pack the assignment's folder with a README and the requirements. The same content gives the same bytes."""
    folder = course.root / "assignments" / assignment
    check = CHECK if (folder / "selfcheck.py").is_file() else NO_CHECK
    files = {
        "README.md": README.format(title=course.title, assignment=assignment, check=check).encode(),
        "requirements.txt": REQUIREMENTS.encode(),
        **{str(name): content for name, content in build.read_files(folder).items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = KIT_MARK
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{assignment}/{name}", _FIXED_DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()


def _is_replaceable(path: Path, content: bytes) -> bool:
    """Tell whether an earlier kit wrote the file, or whether it has this content already."""
    if not path.is_file():
        return False
    present = path.read_bytes()
    return present == content or KIT_MARK in present
