/** Everything on one machine: PostgreSQL, gateway and agent, started and stopped in order. */
@NullMarked
package dev.leasehold.gateway.platform;

import org.jspecify.annotations.NullMarked;
