"""What pages and API share about a request: who asks, what time it is, and the backends behind it."""
