"""What a load result says about the function, from what each source left."""

from __future__ import annotations

from autograder.sandbox.inside import wire
from autograder.sandbox.protocol import CallStatus, LoadResult, SourceResult, StudentError


def test_the_function_is_the_last_one_that_its_name_held() -> None:
    sources = (
        SourceResult("a", defined=True, callable=True, binds_function=True),
        SourceResult("b", defined=True, callable=True, binds_function=True),
        SourceResult("c", defined=True),
    )
    loaded = LoadResult(CallStatus.RETURNED, sources)
    assert (loaded.defined, loaded.callable, loaded.function_source) == (True, False, "b")
    empty = LoadResult(CallStatus.RETURNED)
    assert (empty.defined, empty.callable, empty.function_source) == (False, False, "")


def test_a_load_result_has_at_most_twenty_errors() -> None:
    sources = (SourceResult("a"), *[SourceResult("b", error=StudentError("KeyError"))] * 30)
    assert LoadResult(CallStatus.RETURNED, sources).errors == (StudentError("KeyError"),) * wire.MAX_ERRORS
