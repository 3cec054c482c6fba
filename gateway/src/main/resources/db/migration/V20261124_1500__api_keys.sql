-- Who may ask. Of a key only its SHA-256 is kept: a key that was lost cannot be shown again.

CREATE TABLE api_key (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL,
    -- How the key begins, so that its owner knows it again in a list.
    prefix     text        NOT NULL,
    hash       bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL,
    -- Once set, the key is refused for ever; its row stays, so that no restart brings it back.
    revoked_at timestamptz
);
CREATE INDEX api_key_live ON api_key (created_at) WHERE revoked_at IS NULL;
