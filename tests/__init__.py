"""Tests; they mirror ``pipelines/``."""
