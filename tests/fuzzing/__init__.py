"""Properties that hold of anything the rooms are given: tables, sentences, numerals, marks, broken files.

The tests try a fixed part of each; ``python -m benchmarks.fuzzing`` goes on for as long as it is told to.
"""
