"""Who may use the page: users, roles, sessions, limits."""
