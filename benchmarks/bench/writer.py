"""The writer alone: the same few graded submissions under ever new names, into gradebook and folders."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from autograder.batch.result_writer import BATCH_SIZE
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission
from bench.classes import CAST
from bench.phases import open_course


def measure_writer(root: Path, sizes: list[int], *, kept: int = 5000) -> Iterator[dict[str, Any]]:
    """Yield what a student costs the writer, between one size of the gradebook and the next.

    Only the last ``kept`` folders stay on the disk, and only so many are written for each size.
    """
    with open_course(root) as course:
        submissions = [course.read(f"s{number:05}") for number in range(len(CAST))]
        cast = [(submission, course.grader.grade(submission)) for submission in submissions]
        done = 0
        for size in sizes:
            before, gradebook_seconds, folder_seconds, folders = done, 0.0, 0.0, 0
            while done < size:
                numbers = range(done, min(size, done + BATCH_SIZE))
                batch = [_renamed(*cast[number % len(cast)], f"t{number:07}") for number in numbers]
                start = perf_counter()
                if folders < kept:
                    for submission, graded in batch:
                        course.folders.write_graded(submission, graded)
                    os.sync()
                    folders += len(batch)
                folders_written = perf_counter()
                course.save(batch)
                folder_seconds += folders_written - start
                gradebook_seconds += perf_counter() - folders_written
                done = numbers.stop
            shutil.rmtree(root / "autograded")
            gradebook_cost, folder_cost = gradebook_seconds / (size - before), folder_seconds / folders
            yield {
                "students": size,
                "gradebook, ms a student": gradebook_cost * 1e3,
                "folders, ms a student": folder_cost * 1e3,
                "a second": 1 / (gradebook_cost + folder_cost),
                "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }


def _renamed(
    submission: StudentSubmission, graded: GradedSubmission, student: str
) -> tuple[StudentSubmission, GradedSubmission]:
    return submission, replace(graded, record=replace(graded.record, student=student))
