CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created REAL NOT NULL,
    expires REAL NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires);
