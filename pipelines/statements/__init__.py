"""Room ``statements``: tables of cells become line items and narrative claims.

Knows no PDF and no Dagster. Facts of the field (titles, headers, labels, synonyms, units) are in
``catalogue/``; the modules here are the mechanism that reads by them.
"""

from pipelines.statements.catalogue import Catalogue, CatalogueError, load_catalogue
from pipelines.statements.identification import identify
from pipelines.statements.reading import understand

__all__ = ["Catalogue", "CatalogueError", "identify", "load_catalogue", "understand"]
