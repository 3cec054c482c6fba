/** The HTTP server of the data plane: Netty in front, one virtual thread a request behind. */
@NullMarked
package dev.leasehold.gateway.edge;

import org.jspecify.annotations.NullMarked;
