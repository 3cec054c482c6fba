/** What is wanted and which leases serve it: pure rules and their worker. */
@NullMarked
package dev.leasehold.deploy.deployment;

import org.jspecify.annotations.NullMarked;
