"""Tests of room ``warehouse``: lake, pool, dbt marts, identities, publication."""
