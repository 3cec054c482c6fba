package dev.leasehold.gateway;

import dev.leasehold.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheHouseRules() {
        HouseRules.check("dev.leasehold.gateway");
    }
}
