/** The contract with whoever offers capacity, and its compatibility kit. */
@NullMarked
package dev.leasehold.deploy.market;

import org.jspecify.annotations.NullMarked;
