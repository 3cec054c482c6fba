/** How fast the platform starts and stops, and what its processes weigh. */
@NullMarked
package dev.leasehold.benchmarks.start;

import org.jspecify.annotations.NullMarked;
