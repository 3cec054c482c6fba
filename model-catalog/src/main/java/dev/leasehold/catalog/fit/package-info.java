/** How much memory a model needs; pure. */
@NullMarked
package dev.leasehold.catalog.fit;

import org.jspecify.annotations.NullMarked;
