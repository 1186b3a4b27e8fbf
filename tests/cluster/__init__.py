"""Several machines: PostgreSQL, Redis, Celery and DuckLake, with real servers."""
