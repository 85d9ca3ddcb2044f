# A course's own files: students' work, grades, what is handed out, the secret of the seeds.
/submitted/
/autograded/
/feedback/
/downloaded/
/exchange/
/gradebook.db*
/grades.csv
/snapshots/
/kit/
/.autograder-secret
/.autograder-snapshots/
.autograder-*.lock
/.demo/
# Tools
__pycache__/
.ipynb_checkpoints/
.pytest_cache/
.nbgrader.log
