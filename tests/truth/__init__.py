"""What real documents print, written down by people looking at their pages: never made by the code.

One ``<region>-<department>-<year>-<kind>[-<part>].csv`` per document, one row per printed amount:

- ``page``: where the amount is printed (empty where only a text without pages was at hand);
- ``statement_id``, ``row_key``, ``column_id``: what it is, in the words of the catalogue; ``row_key``
  is empty for free rows (purchases, projects), which are known by ``row_label``;
- ``row_label``: the row's label as printed, without blanks and line breaks; of several label cells
  the last that is not empty;
- ``printed``: the amount as printed, without blanks; ``yuan``: what it is worth, exactly.

A printed zero is an amount, a blank or a dash is none; numbers of rows and columns, codes and years
are not amounts. The ``#`` lines before the header are ``name: value`` pairs (``document``, ``sha256``;
``department``, ``fiscal_year`` and ``kind`` where a document is found by the register of ``raw/``)
and what the reader of the page found odd.

``statements*.csv`` say which statements each document prints, in order, also the empty ones;
``first_page`` is the page where the statement's grid begins.
"""
