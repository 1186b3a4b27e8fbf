"""Room ``acquisition``: a published document becomes a registered file in ``raw/``, by content hash."""
