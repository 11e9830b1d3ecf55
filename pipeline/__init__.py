"""The monthly pipeline of a district's work-safety committee office."""
