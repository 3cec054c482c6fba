/** Relays one answer from a runner to one client. */
@NullMarked
package dev.leasehold.gateway.stream;

import org.jspecify.annotations.NullMarked;
