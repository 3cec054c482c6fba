/** Measures Leasehold and its peers over HTTP. */
@NullMarked
package dev.leasehold.benchmarks;

import org.jspecify.annotations.NullMarked;
