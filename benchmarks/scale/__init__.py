"""What a province and a nation would take: `python -m benchmarks.scale` measures, reckons, and writes docs/scale.md."""
