"""``autograder audit``: test the hidden tests themselves, with programs for which the right verdict is known.

Every correct program must get full marks, every misconception must be caught and named, and every mutant of a correct
program must fail a case. `known_programs` and `mutants` supply the programs, `runner` judges them, `results` holds what
came out, `problems` says what is wrong with it, and `display` prints it. `exceptions_file` reads what is allowed.
"""

from autograder.authoring.audit.display import AuditDisplay
from autograder.authoring.audit.problems import find_problems
from autograder.authoring.audit.results import ExerciseAudit
from autograder.authoring.audit.runner import run_audits

__all__ = ["AuditDisplay", "ExerciseAudit", "find_problems", "run_audits"]
