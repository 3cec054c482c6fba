/** The control plane's endpoints. */
@NullMarked
package dev.leasehold.deploy.api;

import org.jspecify.annotations.NullMarked;
