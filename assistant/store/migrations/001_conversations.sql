CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    named INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    product_id TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE INDEX conversations_by_user ON conversations (user, pinned DESC, updated DESC);
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    user TEXT NOT NULL,
    message TEXT NOT NULL,
    status TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '{}',
    intent TEXT NOT NULL DEFAULT '',
    routed TEXT NOT NULL DEFAULT '',
    abstained INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    UNIQUE (conversation_id, number)
);
CREATE INDEX turns_by_time ON turns (created);
CREATE TABLE feedback (
    turn_id INTEGER PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
    user TEXT NOT NULL,
    liked INTEGER NOT NULL,
    reasons TEXT NOT NULL DEFAULT '[]',
    correction TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL
);
