// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoginFailuresTest {
    private final LoginFailures failures = new LoginFailures(1);

    @Test
    void slowsDownWhoFailsAgainByClientAndByName() {
        assertEquals(1, failures.countAndDelayMs("192.0.2.1", "joe", 0));
        assertEquals(2, failures.countAndDelayMs("192.0.2.2", "joe", 1));
        assertEquals(2, failures.countAndDelayMs("192.0.2.1", "jim", 2));
        failures.forgive("192.0.2.1", "jim");
        assertEquals(1, failures.countAndDelayMs("192.0.2.1", "jim", 3));
    }

    @Test
    void keepsNoMoreOfANameThanNamesHave() {
        String name = "x".repeat(9_000);
        assertEquals(1, failures.countAndDelayMs("192.0.2.1", name + 'a', 0));
        assertEquals(2, failures.countAndDelayMs("192.0.2.2", name + 'b', 1));
        failures.forgive("192.0.2.3", name + 'c');
        assertEquals(1, failures.countAndDelayMs("192.0.2.4", name + 'd', 2));
    }
}
