"""Grade many submissions at once: ``autograder grade``.

::

    submitted/STUDENT/ASSIGNMENT       release, course.yml, gradebook
              |                                  |
    student_submission reads one       assignment_bundle collects what is the same for all submissions
              |                                  |
              +---------------- plan ------------+     decides who has to be graded
                                  |
                             job_queue                 keeps a few jobs ahead of the workers
                                  |
                   worker_pool  or  dask_pool          processes of this machine, or of a cluster
                                  |
                          submission_grader            StudentSubmission -> GradedSubmission, in a worker
                                  |
                           result_writer               many submissions at a time:
                         /                \\
                    folders         gradebook_writer   autograded/ first, then the gradebook in one transaction
                         \\                /
                          feedback_pages               in a worker again, after the grades are in the gradebook
                                  |
                      summary  and  progress           what the instructor sees

`run` leads. Only the main process knows the gradebook and the course's secret, and only it writes files; a worker gets
bytes and gives back bytes. A submission is in the gradebook only after its files are in ``autograded/``, so a run that
is stopped anywhere is completed by the next one.
"""

from autograder.batch.plan import Options
from autograder.batch.run import grade
from autograder.batch.summary import show_summary

__all__ = ["Options", "grade", "show_summary"]
