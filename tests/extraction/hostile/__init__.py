"""Broken and bombing PDFs, each made by code from a fixed seed, and what must become of each."""
