package dev.leasehold.deploy.runner;

/**
 * A runner that proved to be ours: every later connection must show this certificate.
 *
 * @param boot new each time the runner's process starts
 */
public record Pin(Address address, String boot, String certificateSha256) {}
