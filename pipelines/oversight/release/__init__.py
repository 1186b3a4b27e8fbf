"""A release of the published warehouse (数据发布): a dated folder that can be cited, copied and checked.

What stands in it is fixed in ``layout``; ``making`` writes it, ``verifying`` checks one without the
warehouse it was made of. The same warehouse, date and last release give the same bytes.
"""
