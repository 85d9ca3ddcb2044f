"""The last preprocessor: make a graded notebook safe to open in formgrader and in feedback."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.feedback import picture_references, sanitizer
from autograder.feedback.page_content import STUDENT_TEXT
from autograder.feedback.pictures import PREFIX, Handling, decode_base64, find_attachment
from autograder.formatting import strip_control_characters
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_scores import EXECUTION, REPORTS
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.picture_conversion import MAX_PICTURE_BYTES, ConvertedPicture, convert_pictures
from autograder.sandbox import Limits
from autograder.student_files.loading import source_of
from autograder.submission.submitted_file import read_regular_file

# Where this preprocessor leaves what differs from the submission, in an nbgrader ``resources``.
DISPLAY_NOTES = "attention-course: display notes"
MAX_PICTURES = 20  # of a cell
MAX_ATTACHMENTS = 200  # of a cell: more are not even looked at
MAX_NAME, MAX_NAMES = 60, 5  # characters of a picture's name in a cell's note, and names in it
_MARKUP = "some formatting was simplified: text, tables, formulas and pictures are shown, and nothing that runs"
_CUT = f"the text was cut after {sanitizer.MAX_MARKDOWN} characters"
_NOTE, _ORIGINAL = "<p><em>{notes}.</em></p>", "The submitted notebook has the original"
_OWN_CELL = "a cell of the student's own"
ReleasedCells = Mapping[tuple[str, str], Any]
ReadFile = Callable[[str], bytes | None]


class CleanNotebook(NbGraderPreprocessor):
    """Remove everything from a graded notebook that could run or load something when it is shown.

    Scores were saved before, so none of them can change. Text cells of the release stay as they are, and so does the
    report in the graded cell of an exercise. Pictures in answers are kept, small enough to show; where one cannot be
    shown, the cell and the log say so.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with nothing in it except text, safe markup and pictures."""
        released_cells = _released_cells(self, resources)
        reports = resources.get(REPORTS, {})
        nb.metadata.pop("widgets", None)
        text_cells = []
        for cell in nb.cells:
            released = released_cells.get((cell.cell_type, cell.source))
            cell.metadata[STUDENT_TEXT] = released is None  # the feedback page folds the other cells
            if cell.cell_type == "code":
                _clean_code_cell(cell, reports)
            elif released is not None:
                _restore_attachments(cell, released)
            elif cell.cell_type == "raw":
                _turn_into_text(cell)
            else:
                text_cells.append(cell)
        resources[DISPLAY_NOTES] = self._clean_text_cells(text_cells, resources)
        self.report_notes(resources)
        return nb, resources

    def report_notes(self, resources: dict[str, Any]) -> None:
        """Log what the marker sees differently from the submission, with the student's name."""
        for note in resources[DISPLAY_NOTES]:
            self.log.warning("%s: %s.", strip_control_characters(resources["nbgrader"].get("student", "")), note)

    def _clean_text_cells(self, cells: list[NotebookNode], resources: dict[str, Any]) -> tuple[str, ...]:
        """Clean text cells of a student, and return what is shown differently."""
        read_file = _file_reader(self, resources)
        found = [_CellPictures.of(cell, read_file) for cell in cells]
        contents = [content for pictures in found for content in pictures.contents.values()]
        course = grading_context.get_context(self, resources).course
        converted = iter(convert_pictures(contents, course.limits if course else Limits()))
        notes: list[str] = []
        for cell, pictures in zip(cells, found, strict=True):
            results = {name: next(converted) for name in pictures.contents}
            notes += (f"{_cell_name(cell)}: {note}" for note in _clean_text_cell(cell, pictures, results))
        return tuple(dict.fromkeys(notes))


@dataclass(frozen=True)
class _CellPictures:
    """The pictures of a text cell: its text, the files of the pictures by name, and what is not shown and why."""

    source: str
    contents: Mapping[str, bytes]
    not_shown: Mapping[str, Handling] = field(default_factory=dict)

    @classmethod
    def of(cls, cell: NotebookNode, read_file: ReadFile) -> _CellPictures:
        """Find the pictures that are attached to a cell, written into its text, or lie beside the notebook."""
        attachments = cell.get("attachments")
        attached = dict(list(attachments.items())[:MAX_ATTACHMENTS]) if isinstance(attachments, dict) else {}
        source, written = picture_references.extract_data_uris(cell.source, attached)
        source = picture_references.escape_names(source, attached)
        contents = {name: _attached_content(bundle) for name, bundle in attached.items()}
        contents |= {name: decode_base64(data) or b"" for name, data in written.items()}
        not_shown: dict[str, Handling] = {}
        for image in sanitizer.image_sources(source):
            if find_attachment(image, contents) is None:
                handling, content = _find_file(image, read_file if len(contents) < MAX_PICTURES else _read_nothing)
                if content is not None:
                    contents[unquote(image).removeprefix("./")] = content
                elif handling is not None:
                    not_shown[image] = handling
        names = list(contents)
        not_shown |= dict.fromkeys(names[MAX_PICTURES:], Handling.TOO_MANY)
        return cls(source, {name: contents[name] for name in names[:MAX_PICTURES]}, not_shown)


def _read_nothing(_: str) -> None:
    return None


def _attached_content(bundle: Any) -> bytes:
    """Return the first picture of an attachment that can be decoded; the media type that it claims does not matter."""
    texts = bundle.values() if isinstance(bundle, dict) else ()
    found = ("".join(map(str, text)) if isinstance(text, list) else text for text in texts)
    contents = (_content(text) for text in found if isinstance(text, str))
    return next(filter(None, contents), b"")


def _content(text: str) -> bytes:
    """Return the bytes of an attachment: base64, or the text itself, as an SVG is attached."""
    return text.encode() if "<svg" in text[:2000].lower() else decode_base64(text) or b""


def _find_file(image: str, read_file: ReadFile) -> tuple[Handling | None, bytes | None]:
    """Return the file of an image that lies beside the notebook, or why there is none to show."""
    if image.lower().startswith(PREFIX):
        return Handling.LOST, None
    if image.lower().startswith("data:"):
        return Handling.SVG if image.lower().startswith("data:image/svg") else Handling.UNKNOWN, None
    path = Path(unquote(image))
    if "//" in image or ":" in image or path.is_absolute() or ".." in path.parts or not image.isprintable():
        return Handling.ELSEWHERE, None
    content = read_file(str(path))
    return (None, content) if content is not None else (Handling.NOT_SUBMITTED, None)


def _clean_text_cell(
    cell: NotebookNode, pictures: _CellPictures, results: Mapping[str, ConvertedPicture]
) -> Iterator[str]:
    """Clean a text cell, and yield what is shown differently."""
    cell.pop("attachments", None)
    shown = {name: result.picture for name, result in results.items() if result.picture is not None}
    if shown:
        attachments = {name: {picture.kind: picture.data} for name, picture in shown.items()}
        cell["attachments"] = nbformat.from_dict(attachments)
    handlings = {**{name: result.handling for name, result in results.items()}, **pictures.not_shown}
    told = {name: handling.description for name, handling in handlings.items() if handling.description}
    lost = [f"{_short(name)} is {text}" for name, text in told.items() if not handlings[name].is_shown]
    cleaned = sanitizer.clean_markdown(pictures.source, shown)
    if len(pictures.source) > sanitizer.MAX_MARKDOWN:
        yield _CUT
    elif cleaned != pictures.source and not lost:
        yield _MARKUP
    if lost:
        lines = [*lost[:MAX_NAMES], *([f"{len(lost) - MAX_NAMES} more are not shown"] if len(lost) > MAX_NAMES else [])]
        has_original = any(handling.is_in_notebook and not handling.is_shown for handling in handlings.values())
        cleaned += "\n\n" + _NOTE.format(notes="; ".join(lines) + (f". {_ORIGINAL}" if has_original else ""))
    cell.source = cleaned
    for description, count in Counter(told.values()).items():
        yield f"a picture is {description}" + (f" ({count} times)" if count > 1 else "")


def _short(name: str) -> str:
    """Return a picture's name in characters that mean nothing in markdown and HTML."""
    if "//" in name or name.lower().startswith("data:"):
        return "a picture"
    name = re.sub(r"[^\w .()/:-]", "", unquote(name).removeprefix(PREFIX)).strip() or "a picture"
    return name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"


def _cell_name(cell: NotebookNode) -> str:
    grading_data = cell.metadata.get("nbgrader")
    name = grading_data.get("grade_id") if isinstance(grading_data, dict) else ""
    return str(name or _OWN_CELL)


def _file_reader(preprocessor: Any, resources: dict[str, Any]) -> ReadFile:
    """Return a function that reads a file beside the notebook by its relative name; None for one that is not there."""
    files = grading_context.get_context(preprocessor, resources).files
    execution = resources.get(EXECUTION)
    written = execution.written if execution else {}

    def read_from_disk(name: str) -> bytes | None:
        submitted = grading_context.submitted_path(course_directory(preprocessor), resources["nbgrader"]).parent
        # Beside the graded notebook nbgrader puts what is behind a student's links, and the instructor's files.
        folder = submitted if os.path.lexists(submitted / name) else Path(resources["metadata"]["path"])
        path = folder / name
        is_linked = any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(folder))
        return None if is_linked else read_regular_file(path, MAX_PICTURE_BYTES)

    read_submitted = read_from_disk if files is None else files.get
    return lambda name: written[name] if name in written else read_submitted(name)


def _clean_code_cell(cell: NotebookNode, reports: Mapping[str, Any]) -> None:
    grading_data = cell.metadata.get("nbgrader")
    if not (isinstance(grading_data, dict) and grading_data.get("grade_id") in reports):
        cell.outputs = sanitizer.safe_outputs(cell.outputs)


def _restore_attachments(cell: NotebookNode, released: Any) -> None:
    if "attachments" in cell or "attachments" in released:
        cell["attachments"] = nbformat.from_dict(released.get("attachments", {}))


def _turn_into_text(cell: NotebookNode) -> None:
    """Show a raw cell as the text that it is: nbconvert would copy it into the page without escaping."""
    cell.pop("attachments", None)
    cell.cell_type, cell.source = "markdown", sanitizer.as_plain_text(cell.source[: sanitizer.MAX_MARKDOWN])
    cell.metadata.pop("format", None)


def _released_cells(preprocessor: Any, resources: dict[str, Any]) -> ReleasedCells:
    """Return the cells of the release by type and source; none if there is no release."""
    release: Any = grading_context.get_context(preprocessor, resources).release
    if release is None:
        ids = resources["nbgrader"]
        directory = course_directory(preprocessor)
        path, _ = grading_context.load_release(directory, ids["assignment"], ids["notebook"])
        release = nbformat.read(path, as_version=4) if path.is_file() else {"cells": []}
    return {(cell["cell_type"], source_of(cell)): cell for cell in release["cells"]}
