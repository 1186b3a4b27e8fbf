"""Room ``warehouse``: line items become a checked DuckDB file, published atomically."""
