"""Tests of the room ``extraction``, on PDFs whose every cell is known and on published ones."""
