"""Audits are printed as tables or as JSON."""

from __future__ import annotations

import json

import pytest

from autograder.authoring.audit import AuditDisplay, ExerciseAudit


def test_tables_show_results_clauses_and_criteria(good_audit: ExerciseAudit, capfd: pytest.CaptureFixture[str]) -> None:
    with AuditDisplay(as_json=False) as display:
        display.show(good_audit)
    output = capfd.readouterr().out
    for word in ("correct programs", "mutants", "misconceptions", "sandbox", "without it these would pass"):
        assert word in output


def test_json_has_one_line_for_each_audit(good_audit: ExerciseAudit, capfd: pytest.CaptureFixture[str]) -> None:
    with AuditDisplay(as_json=True) as display:
        display.show(good_audit)
    audit = json.loads(capfd.readouterr().out)
    assert (audit["function"], audit["problems"]) == ("scale_scores", [])
