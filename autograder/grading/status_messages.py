"""Every sentence with which the grader explains a status to a student. ``str.format`` fills in the fields.

Some of them are stored in gradebooks: raise `GRADING_VERSION` of ``grader.py`` when you reword one.
"""

NOT_GRADED = "{error}. This is not the submission's fault: grade it again when it is fixed."

# The code could not be loaded, or left no function.
LOADING_TIMED_OUT = (
    "Running the code took longer than {seconds:g} s and was stopped. "
    "Look for an endless loop in the cells around the function."
)
LOADING_CRASHED = "Running the code ended the Python process. Remove the call that quits Python."
CELL_RAISED = (
    "{function} is not defined, because {place} raised {error}. "
    "Fix that cell, restart the kernel and run all cells once."
)
NOT_A_FUNCTION = "{function} is defined, but it is not a function. Define it with `def {function}(...)`."
NO_FUNCTION = "The code runs, but it defines no function {function}. Check the spelling of its name."

# The function was called.
UNFINISHED = "{function} is not written yet."
BEGUN_ELSEWHERE = (
    "{function} raises NotImplementedError, but the notebook contains work that may be the answer. "
    "Your instructor will read it."
)
DEFINITIONS_DIFFER = (
    "{function} is defined in several cells that give different results. Your instructor will decide which one counts."
)
ONE_DEFINITION_COUNTS = "{function} is defined in several cells. The one that works best counts."
EVERY_CALL_RAISED = "Every call raised an exception."
CALL_TIMED_OUT = "A call took longer than {seconds:g} s and was stopped."
CALL_CRASHED = "A call ended the Python process instead of returning."
CASES_NOT_RUN = "The time for the whole submission ({seconds:g} s) was used up before every case ran."
ALL_CRITERIA = "All criteria hold."
SOME_CRITERIA = "{earned} of {total} criteria hold."
