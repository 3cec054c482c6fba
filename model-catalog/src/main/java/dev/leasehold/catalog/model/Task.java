package dev.leasehold.catalog.model;

/** What a model does. Chat models answer completions too. */
public enum Task {
    CHAT,
    EMBEDDING
}
