package dev.leasehold.gateway;

import dev.leasehold.gateway.cli.LeaseholdCommand;

/** The {@code leasehold} command. */
public final class Leasehold {
    private static final String TRAIN = "train";

    private Leasehold() {}

    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals(TRAIN)) {
            System.exit(Training.run());
        }
        System.exit(LeaseholdCommand.run(arguments, LocalGateway::launch, System.in, System.out, System.err));
    }
}
