"""Juesuan (决算): the PDFs of Chinese departmental budgets and final accounts as checked, queryable figures.

One room per step that a document takes, in this order: ``acquisition``, ``extraction``,
``statements``, ``warehouse``, ``oversight``. Data passes down this list only.
"""
