CREATE TABLE votes (
    id INTEGER PRIMARY KEY,
    round TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    prompt TEXT NOT NULL,
    choice TEXT NOT NULL,
    columns TEXT NOT NULL,
    created REAL NOT NULL
);
