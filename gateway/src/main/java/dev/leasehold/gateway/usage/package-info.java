/** Counts requests and tokens. */
@NullMarked
package dev.leasehold.gateway.usage;

import org.jspecify.annotations.NullMarked;
