"""Tests of the room oversight: the comparison site."""
