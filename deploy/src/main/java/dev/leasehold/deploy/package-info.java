/** Starts the control plane and binds its settings. */
@NullMarked
package dev.leasehold.deploy;

import org.jspecify.annotations.NullMarked;
