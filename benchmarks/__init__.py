"""What the project measures, and against what: python -m benchmarks."""
