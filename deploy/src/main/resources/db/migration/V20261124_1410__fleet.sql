-- The fleet market: who lends a host to us, and the ledger of what was leased there.

-- Lies with the data: agents refuse the orders of a database that was restored from elsewhere.
CREATE TABLE fleet_installation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id  uuid    NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO fleet_installation DEFAULT VALUES;

CREATE TABLE fleet_agent (
    id                     uuid           PRIMARY KEY,
    boot                   uuid           NOT NULL,
    name                   text           NOT NULL,
    version                text           NOT NULL,
    price_usd_per_hour     numeric(12, 6) NOT NULL,
    reach_host             text           NOT NULL,
    host                   jsonb          NOT NULL,
    memory_available_bytes bigint         NOT NULL,
    heard_at               timestamptz    NOT NULL,
    left_at                timestamptz,
    -- Grows with every change of what this agent shall run.
    revision               bigint         NOT NULL DEFAULT 1
);
CREATE INDEX fleet_agent_name ON fleet_agent (name);

CREATE TABLE fleet_lease (
    id                 uuid           PRIMARY KEY,
    agent              uuid           NOT NULL REFERENCES fleet_agent (id),
    wanted             text           NOT NULL CHECK (wanted IN ('RUN', 'CLOSED')),
    -- The agent's revision at which the wish above was made.
    wanted_revision    bigint         NOT NULL,
    observed           text           NOT NULL
                       CHECK (observed IN ('NONE', 'STARTING', 'RUNNING', 'STOPPING', 'EXITED', 'GONE')),
    host               text,
    port               integer,
    exit_code          integer,
    log_tail           jsonb          NOT NULL DEFAULT '[]',
    memory_bytes       bigint         NOT NULL,
    threads            integer        NOT NULL,
    price_usd_per_hour numeric(12, 6) NOT NULL,
    opened_at          timestamptz    NOT NULL,
    -- Empty while it bills: then it is billed until its agent was last heard from.
    billed_until       timestamptz,
    closed_at          timestamptz,
    close_reason       text,
    close_detail       text,
    CHECK (closed_at IS NULL OR billed_until IS NOT NULL)
);
CREATE INDEX fleet_lease_open ON fleet_lease (agent) WHERE closed_at IS NULL;
