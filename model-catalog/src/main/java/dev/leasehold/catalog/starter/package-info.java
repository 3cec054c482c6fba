/** Makes the stand-in for the starter model; run by the build. */
@NullMarked
package dev.leasehold.catalog.starter;

import org.jspecify.annotations.NullMarked;
