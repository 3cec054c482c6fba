/** Talks to a runner: challenge, artifacts, loading, probes. */
@NullMarked
package dev.leasehold.deploy.runner;

import org.jspecify.annotations.NullMarked;
