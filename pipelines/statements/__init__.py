"""Room ``statements``: tables of cells become line items and narrative claims.

Knows no PDF and no Dagster. Facts of the field (titles, headers, labels, synonyms, units) are in
``catalogue/``; the modules here are the mechanism that reads by them.
"""
