/** The life of one lease: pure rules and their worker. */
@NullMarked
package dev.leasehold.deploy.lease;

import org.jspecify.annotations.NullMarked;
