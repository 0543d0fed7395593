CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    task TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    total INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    last INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE INDEX jobs_by_user ON jobs (user, created DESC);
CREATE INDEX jobs_by_state ON jobs (state, created);
CREATE TABLE job_rows (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    output TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    grounded INTEGER,
    error TEXT NOT NULL DEFAULT '',
    seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, line)
) WITHOUT ROWID;
CREATE INDEX job_rows_failed ON job_rows (job_id, line) WHERE error != '';
