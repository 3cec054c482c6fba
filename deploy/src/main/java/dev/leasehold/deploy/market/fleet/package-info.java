/** The market of our own hosts: agents, offers, and a ledger that says what bills. */
@NullMarked
package dev.leasehold.deploy.market.fleet;

import org.jspecify.annotations.NullMarked;
