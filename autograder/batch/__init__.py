"""Many submissions at once: ``autograder grade``.

`task` holds what is the same for all of them, `submitted` one student's work; `plan` says which have to be graded. A
worker's `desk` makes a `Marked` of the two, wherever the worker is (`crew`, `cluster`). The one `keeper` writes that
into the gradebook (`book`) and the folders. `run` leads.
"""

import sys

# Where it is installed, jsonschema builds a grammar of IRIs with it, which takes as long as all else that is loaded for
# a run. No notebook's schema speaks of IRIs, and jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from autograder.batch.plan import Options  # noqa: E402
from autograder.batch.progress import show_summary  # noqa: E402
from autograder.batch.run import grade  # noqa: E402

__all__ = ["Options", "grade", "show_summary"]
