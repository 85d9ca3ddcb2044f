"""course.yml, the catalogue of exercises, the secret and the seeds."""
