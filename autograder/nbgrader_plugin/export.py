"""``nbgrader export`` with current late penalties, as a CSV file that is safe to open in a spreadsheet.

A submission without all its marks has no score in it, because nbgrader would write an empty score as 0.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.formatting import strip_control_characters
from autograder.gradebook.review import SubmissionState, load_submission_states
from autograder.lms.spreadsheet import escape_formulas
from autograder.nbgrader_plugin.course_lookup import find_course
from autograder.nbgrader_plugin.late_penalties import CourseDates, penalty_policy, set_late_penalty, write_dates

NOTHING_SUBMITTED = "nothing submitted"
_DEFAULT_FILE = "grades.csv"
_SCORES = ("raw_score", "late_submission_penalty", "score")


class GradebookExport(CsvExportPlugin):
    """nbgrader's CSV export, after late penalties were computed again from course.yml and from manual grades."""

    def export(self, gradebook: Gradebook) -> None:
        """Update late penalties, write the CSV file, and escape cells that a spreadsheet would evaluate."""
        course, policy = find_course(self), penalty_policy(self)
        for assignment in gradebook.assignments:
            dates = CourseDates(course, assignment.name, self.log)
            for submission in assignment.submissions:
                write_dates(gradebook, dates, submission.student.id)
                for notebook in submission.notebooks:
                    set_late_penalty(submission, notebook, policy, dates.zone)
        gradebook.db.commit()
        super().export(gradebook)
        path = Path(self.to or _DEFAULT_FILE)
        connection = gradebook.db.connection()
        states = {
            assignment.name: load_submission_states(connection, assignment.name) for assignment in gradebook.assignments
        }
        _add_states(path, states)
        escape_formulas(path)


def _add_states(path: Path, states: Mapping[str, Mapping[str, SubmissionState]]) -> None:
    """Add the columns ``status`` and ``waits_for`` to nbgrader's file, and empty the scores that are not complete.

    ``states`` are by assignment and student.
    """
    with path.open(newline="", encoding="utf-8") as file:
        columns, *rows = list(csv.reader(file))
    assignment, student = columns.index("assignment"), columns.index("student_id")
    # Counted from the end, because nbgrader does not quote names, which may contain commas.
    scores = [columns.index(name) - len(columns) for name in _SCORES]
    for row in filter(None, rows):
        state = states.get(row[assignment], {}).get(row[student])
        if state and state.unmarked_cells:
            for column in scores:
                row[column] = ""
        waits_for = strip_control_characters(state.waits_for) if state else ""
        row += [state.status.value if state else NOTHING_SUBMITTED, waits_for]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([[*columns, "status", "waits_for"], *rows])
