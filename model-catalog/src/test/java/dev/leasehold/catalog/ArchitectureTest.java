package dev.leasehold.catalog;

import dev.leasehold.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheHouseRules() {
        HouseRules.check("dev.leasehold.catalog");
    }
}
