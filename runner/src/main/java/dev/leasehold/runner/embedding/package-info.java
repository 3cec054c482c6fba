/** One vector per text. */
@NullMarked
package dev.leasehold.runner.embedding;

import org.jspecify.annotations.NullMarked;
