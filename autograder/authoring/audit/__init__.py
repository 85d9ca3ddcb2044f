"""``autograder audit``: are the hidden tests any good? They are asked about programs of which we know the answer.

``programs`` says which, ``mutants`` makes wrong ones of right ones, ``examine`` asks, ``findings`` says what is amiss,
``tables`` shows it; ``listed`` reads what is known and allowed.
"""

from autograder.authoring.audit.examine import audit
from autograder.authoring.audit.findings import Audit
from autograder.authoring.audit.tables import shown

__all__ = ["Audit", "audit", "shown"]
