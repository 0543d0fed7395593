"""What the page remembers: conversations, feedback, jobs, votes, in one SQLite file."""
