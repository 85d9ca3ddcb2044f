"""The one writer alone: the same few marked submissions under ever new names, into gradebook and folders."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from autograder.batch.result_writer import BATCH
from autograder.batch.submission_grader import GradedSubmission
from bench.classes import CAST
from bench.phases import opened


def _renamed(marked: GradedSubmission, student: str) -> GradedSubmission:
    return replace(marked, record=replace(marked.record, student=student))


def writer(course: Path, sizes: list[int], *, kept: int = 5000) -> Iterator[dict[str, Any]]:
    """What a student costs the writer, between one size of the gradebook and the next.

    Of the folders only the last ``kept`` stay on the disk, and only so many are written for each size.
    """
    with opened(course) as here:
        cast = [(one, here.desk.grade(one)) for one in (here.read(f"s{number:05}") for number in range(len(CAST)))]
        done = 0
        for size in sizes:
            began, book, files, written = done, 0.0, 0.0, 0
            while done < size:
                numbers = range(done, min(size, done + BATCH))
                named = [(number, cast[number % len(cast)]) for number in numbers]
                batch = [(one, _renamed(marked, f"t{number:07}")) for number, (one, marked) in named]
                start = perf_counter()
                if written < kept:
                    for one, marked in batch:
                        here.folders.write_graded(one, marked)
                    os.sync()
                    written += len(batch)
                middle = perf_counter()
                here.save(batch)
                files, book = files + middle - start, book + perf_counter() - middle
                done = numbers.stop
            shutil.rmtree(course / "autograded")
            yield {
                "students": size,
                "gradebook, ms a student": book / (size - began) * 1e3,
                "folders, ms a student": files / written * 1e3,
                "a second": 1 / (book / (size - began) + files / written),
                "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
