/** Which offer to take; pure. */
@NullMarked
package dev.leasehold.deploy.offer;

import org.jspecify.annotations.NullMarked;
