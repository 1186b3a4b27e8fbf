"""The pages of this folder, and what keeps them true: ``examples`` and ``pictures``."""
