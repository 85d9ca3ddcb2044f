"""Every sentence with which the grader explains a status to a student. ``str.format`` fills in the fields.

Some of them are stored in gradebooks: raise `GRADING_VERSION` of ``grader.py`` when you reword one.
"""

NOT_GRADED = "{error}. This is not the submission's fault: grade it again when it is fixed."

# A cell did not run to its end; ``problem`` says how it ended.
CELL_FAILED = "{function} is not defined, because {place} {problem}. {advice}"
CELL_SKIPPED = "In grading {place} was left out, because it {problem}."
CELL_CUT = "{place} {problem}. {function} was judged without what comes below it in that cell."
CELL_MAY_BE_NEEDED = "{function} may need {place}, which {problem}."
LOOK_FOR_A_LOOP = "Look for an endless loop in that cell."
REMOVE_THE_QUIT = "Remove the call that quits Python."
FIX_THAT_CELL = "Fix that cell, restart the kernel and run all cells once."
LOADING_OUT_OF_TIME = "The time for the whole submission ({seconds:g} s) was used up before every cell ran."

# Modules that are not installed.
MODULE_NOT_NEEDED = "{function} ran without {modules}, which cannot be imported in grading."
MODULE_MAY_BE_NEEDED = "{function} may need {modules}, which cannot be imported in grading."
HELPER_CHANGED = (
    "{function} needs {names}, which the course's own files do not have. Your instructor will look at your version. "
    "Functions of your own belong in the notebook or in a Python file of another name."
)
_INSTRUCTOR_DECIDES = "Your instructor gets this message too, and decides about it."
MODULE_NEEDED = f"{{function}} needs {{modules}}, which cannot be imported in grading. {_INSTRUCTOR_DECIDES}"
_ALLOW_PACKAGE = "A course can allow an installed package with packages in course.yml."

# The code left no function, or not the one that its cell defines.
OVERWRITTEN = "The name {function} was given another value later. The function that {place} defines was judged."
CHANGED_LATER = (
    "A later cell changes {names}, which {function} uses. Judged as {place} leaves it, it earns more points: these."
)
NOT_A_FUNCTION = "{function} is defined, but it is not a function. Define it with `def {function}(...)`."
NO_FUNCTION = "The code runs, but it defines no function {function}. Check the spelling of its name."

# The function was called.
UNFINISHED = "{function} is not written yet."
BEGUN_ELSEWHERE = (
    "{function} raises NotImplementedError, but the notebook contains work that may be the answer. "
    "Your instructor will read it."
)
STUB_LINE_LEFT = (
    "{function} contains an answer, and still the line raise NotImplementedError(). Delete that line. "
    "Your instructor will read the answer as it is."
)
DEFINITIONS_DIFFER = (
    "{function} is defined in several cells that give different results. Your instructor will decide which one counts."
)
BEST_COUNTS = "The one that works best counts."
ONE_DEFINITION_COUNTS = "{function} is defined in several cells. " + BEST_COUNTS
NUMPY_DELETED = "{function} needs np, but the cell with `import numpy as np` is missing. Put it back, and submit again."
EVERY_CALL_RAISED = "Every call raised an exception."
CALL_TIMED_OUT = "A call took longer than {seconds:g} s and was stopped."
CALL_CRASHED = "A call ended the Python process instead of returning."
CASES_NOT_RUN = "The time for the whole submission ({seconds:g} s) was used up before every case ran."
ALL_CRITERIA = "All criteria hold."
SOME_CRITERIA = "{earned} of {total} criteria hold."


def for_instructors(message: str) -> str:
    """Return a message with what an instructor can do in place of the sentence about an instructor."""
    return message.replace(_INSTRUCTOR_DECIDES, _ALLOW_PACKAGE)
