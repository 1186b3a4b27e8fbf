"""What is fast, as a ratio against a peer in the same run, and what is read right."""
