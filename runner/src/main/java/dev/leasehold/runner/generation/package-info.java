/** Sequences, schedule, sampling; holds no tensor. */
@NullMarked
package dev.leasehold.runner.generation;

import org.jspecify.annotations.NullMarked;
