# A course's own files: students' work, grades, the exchange, the secret of the seeds.
/submitted/
/autograded/
/feedback/
/downloaded/
/exchange/
/gradebook.db*
/.autograder-secret
/.autograder-snapshots/
.autograder-*.lock
/.demo/
# Tools
__pycache__/
.ipynb_checkpoints/
.pytest_cache/
.nbgrader.log
