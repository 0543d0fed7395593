CREATE TABLE kept_texts (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_title TEXT NOT NULL,
    task TEXT NOT NULL,
    text TEXT NOT NULL,
    edited INTEGER NOT NULL,
    platform TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL
);
CREATE INDEX kept_texts_by_user ON kept_texts (user, id DESC);
