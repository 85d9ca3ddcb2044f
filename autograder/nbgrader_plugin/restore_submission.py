"""The first preprocessor: replace a submission by its release with the student's answers in it."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.submission_exporter import READING_ERROR
from autograder.submission.restore import released_notebook
from autograder.submission.submitted_file import check_file


class RestoreSubmission(NbGraderPreprocessor):
    """Restore a submission from its release, so that nothing in it decides what is graded and how.

    Goes first in ``Autograde.sanitize_preprocessors``.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the restored notebook; one whose assignment this course did not build stays as it is.

        Raises ``NbGraderException`` if the submitted file must not be opened, or if the release is missing.
        """
        ids, directory = resources["nbgrader"], course_directory(self)
        submitted = grading_context.submitted_path(directory, ids)
        path, release = grading_context.load_release(directory, ids["assignment"], ids["notebook"])
        claimed_cells = [cell for cell in nb.cells if grading_context.has_exercise(cell)]
        if release is None and claimed_cells and not path.exists():
            raise NbGraderException(
                f"{path} is missing, and submissions are graded by it. {how_to_regenerate(ids['assignment'])}"
            )
        # A link could lead to the work of another student.
        unsafe = check_file(submitted) if release is None else None
        if unsafe:
            raise NbGraderException(f"{submitted} is not graded. {unsafe.message}")
        if release is None and READING_ERROR in nb.metadata:
            raise NbGraderException(f"{submitted} cannot be read. {nb.metadata[READING_ERROR]}")
        if release is None:
            for cell in claimed_cells:  # the student wrote this metadata, and it would pass for an exercise
                del cell.metadata["autograder"]
            return nb, resources
        submission = grading_context.get_context(self, resources).submission
        assert submission is not None, "an assignment with a release has a submission"
        grading_context.log_notes(self.log, submission)
        return nbformat.from_dict(submission.notebook or released_notebook(release)), resources


def how_to_regenerate(assignment: str) -> str:
    """Return what to do when release, gradebook and course.yml do not belong together."""
    return f"Run: nbgrader generate_assignment {assignment} --force; then: nbgrader autograde {assignment} --force"
