"""What a person should do next, gathered from everything that waits for them: one module for each source."""
