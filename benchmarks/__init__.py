"""What is fast, measured side by side: each figure is a ratio against a peer in the same run."""
