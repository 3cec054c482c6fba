package dev.leasehold.deploy.agent;

/** What the agent's loop works with. */
record AgentParts(HostInventory host, Runners runners, Conversation conversation, LogSender logs, Backoff backoff) {}
