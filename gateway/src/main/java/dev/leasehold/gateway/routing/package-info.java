/** Picks the replica for a request from an immutable snapshot; pure. */
@NullMarked
package dev.leasehold.gateway.routing;

import org.jspecify.annotations.NullMarked;
