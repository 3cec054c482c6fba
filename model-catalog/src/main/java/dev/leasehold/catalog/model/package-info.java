/** A model, its task, source and licence. */
@NullMarked
package dev.leasehold.catalog.model;

import org.jspecify.annotations.NullMarked;
