"""An audit of a good exercise, which tests change in one place each."""

from __future__ import annotations

import pytest

from autograder.authoring.audit import ExerciseAudit, run_audits


@pytest.fixture(scope="session")
def good_audit() -> ExerciseAudit:
    """The audit of ``scale_scores``, which has no problems."""
    (audit,) = run_audits([(None, "scale_scores")], seeds=3, progress=lambda *_: None)
    return audit
