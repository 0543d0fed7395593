"""The stage: one prompt, several systems, side by side. Knows no page."""
