/** Who may ask. */
@NullMarked
package dev.leasehold.gateway.admission;

import org.jspecify.annotations.NullMarked;
