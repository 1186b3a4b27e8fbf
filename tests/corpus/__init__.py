"""Makes published budgets and final accounts whose every cell is known.

The rooms, in the order figures pass through them:

- ``figures``: a department's finances over years, consistent by construction, in cents;
- ``contents``: what each statement says of them, exact, by row key and column id, of no layout;
- ``forms`` and ``families/*.yaml``: how a family of forms prints a statement (titles, header
  trees, row labels, units, number formats), which turns contents into grids of tagged cells;
- ``narrative`` and ``families/*.yaml``: the text around the statements;
- ``faults``: printed errors put in on purpose, from ``planted_faults.yaml``;
- ``grid``, ``sheet``, ``drawing``: grids of cells onto PDF pages, noting where each cell fell;
- ``panel``, ``seed_document``, ``random_documents``: whole documents; ``raw``: the committed folder.

A new family is a new file under ``families/``; a new producer is another ``sheet``.
"""
