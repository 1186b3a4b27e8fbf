"""Tests of the room that reads statements."""
