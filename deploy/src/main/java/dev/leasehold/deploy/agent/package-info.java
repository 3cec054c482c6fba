/** Lends this host to the fleet market: starts, keeps, adopts and stops runners. Plain Java, no Spring. */
@NullMarked
package dev.leasehold.deploy.agent;

import org.jspecify.annotations.NullMarked;
