"""Seed instructions -> expanded dataset -> adapter -> report: the making of a LLaMA-E."""
