"""Room ``extraction``: a PDF becomes pages of tables of cells with their place on the page.

Knows no finance: whether a cell holds an amount or a name is for ``statements`` to say.
"""
