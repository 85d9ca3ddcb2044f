"""``nbgrader export`` with current late penalties, as a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.lms.spreadsheet import escape_formulas
from autograder.nbgrader_plugin.course_lookup import find_course
from autograder.nbgrader_plugin.late_penalties import CourseDates, penalty_policy, set_late_penalty, write_dates

_DEFAULT_FILE = "grades.csv"


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
        escape_formulas(Path(self.to or _DEFAULT_FILE))
