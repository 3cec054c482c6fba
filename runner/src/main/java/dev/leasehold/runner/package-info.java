/** Starts a runner and binds its settings. */
@NullMarked
package dev.leasehold.runner;

import org.jspecify.annotations.NullMarked;
