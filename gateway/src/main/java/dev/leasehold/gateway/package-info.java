/** Starts the gateway and binds its settings. */
@NullMarked
package dev.leasehold.gateway;

import org.jspecify.annotations.NullMarked;
