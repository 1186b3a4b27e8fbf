"""Room ``acquisition``: a published document becomes a registered file in ``raw/``, known by its content hash."""
