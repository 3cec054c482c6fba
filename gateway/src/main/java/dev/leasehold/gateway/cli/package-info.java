/** The leasehold command. */
@NullMarked
package dev.leasehold.gateway.cli;

import org.jspecify.annotations.NullMarked;
