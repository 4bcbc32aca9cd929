"""What is measured, and how to measure it: see README.md here."""
