"""The Django application: models and migrations, nothing else."""
