/** The runner's endpoints, its key and the challenge. */
@NullMarked
package dev.leasehold.runner.server;

import org.jspecify.annotations.NullMarked;
