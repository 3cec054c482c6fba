package dev.leasehold.deploy.market.fleet;

import org.springframework.transaction.support.TransactionOperations;

/** The tables of the fleet, and the transactions in which they are changed. */
record FleetStore(FleetRepository repository, TransactionOperations transactions) {}
