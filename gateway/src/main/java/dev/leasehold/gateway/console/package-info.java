/** The web page: catalog, deployments, chat. */
@NullMarked
package dev.leasehold.gateway.console;

import org.jspecify.annotations.NullMarked;
