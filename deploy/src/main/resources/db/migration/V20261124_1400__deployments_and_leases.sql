-- What is wanted, and the leases that serve it.

CREATE TABLE deployment (
    name                   text           PRIMARY KEY,
    -- What a runner is told to load: the model, its files by checksum, context length, slots.
    workload               jsonb          NOT NULL,
    model                  text           NOT NULL,
    task                   text           NOT NULL,
    memory_bytes           bigint         NOT NULL,
    wanted_replicas        integer        NOT NULL CHECK (wanted_replicas > 0),
    price_max_usd_per_hour numeric(12, 6),
    created_at             timestamptz    NOT NULL,
    -- Once set, the deployment gets no traffic and no lease; its row goes with its last lease.
    removed_at             timestamptz
);

CREATE TABLE lease (
    id          uuid        PRIMARY KEY,
    deployment  text        NOT NULL,
    terms       jsonb       NOT NULL,
    kind        text        NOT NULL,
    state       jsonb       NOT NULL,
    -- Grows with every claim and every change of state; who read an older one has lost.
    version     bigint      NOT NULL DEFAULT 0,
    stop_wanted boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    since       timestamptz NOT NULL,
    served_at   timestamptz,
    ended_at    timestamptz,
    -- The control plane that works this lease, which moves due_at on for as long as it lives.
    owner       uuid,
    -- From when on another may take it; empty once it is released.
    due_at      timestamptz
);
CREATE INDEX lease_deployment ON lease (deployment, created_at DESC);
CREATE INDEX lease_due ON lease (due_at) WHERE due_at IS NOT NULL;

-- One row for each call that may change what a market bills: the intent before it, the outcome after it.
CREATE TABLE lease_operation (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lease      uuid        NOT NULL,
    operation  text        NOT NULL,
    detail     text        NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    outcome    text
);
CREATE INDEX lease_operation_lease ON lease_operation (lease, id);
CREATE INDEX lease_operation_started ON lease_operation (started_at);

CREATE FUNCTION leasehold_lease_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.stop_wanted = NEW.stop_wanted THEN
        RETURN NULL;
    END IF;
    PERFORM pg_notify('leasehold_leases', '');
    IF (TG_OP <> 'INSERT' AND OLD.kind = 'Serving') OR (TG_OP <> 'DELETE' AND NEW.kind = 'Serving') THEN
        PERFORM pg_notify('leasehold_routes', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lease_changed AFTER INSERT OR UPDATE OR DELETE ON lease
    FOR EACH ROW EXECUTE FUNCTION leasehold_lease_changed();

CREATE FUNCTION leasehold_deployment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('leasehold_leases', '');
    PERFORM pg_notify('leasehold_routes', '');
    RETURN NULL;
END $$;
CREATE TRIGGER deployment_changed AFTER INSERT OR UPDATE OR DELETE ON deployment
    FOR EACH ROW EXECUTE FUNCTION leasehold_deployment_changed();
