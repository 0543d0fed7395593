"""The language model: finding and loading it, choosing its device, streaming text from it."""
