"""What programs may ask of the assistant: typed functions, and an OpenAI-compatible server."""
