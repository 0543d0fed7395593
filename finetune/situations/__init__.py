"""A catalog record -> a task's inputs in the manner of a seed; one module a task."""
