"""Tables of products through one task, row by row, as durable jobs. Knows no page."""
