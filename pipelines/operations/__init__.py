"""Room ``operations``: what keeps it running for years. Alerts, status, tidying.

Looks at what the other rooms left and at Dagster's records; makes nothing that they depend on.
"""
