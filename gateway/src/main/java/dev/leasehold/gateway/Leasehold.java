package dev.leasehold.gateway;

import dev.leasehold.gateway.cli.LeaseholdCommand;
import dev.leasehold.gateway.platform.PlatformException;

/** The {@code leasehold} command. */
public final class Leasehold {
    private Leasehold() {}

    public static void main(String[] arguments) {
        System.exit(LeaseholdCommand.run(
                arguments,
                (_, _) -> {
                    throw new PlatformException("x");
                },
                System.in,
                System.out,
                System.err));
    }
}
