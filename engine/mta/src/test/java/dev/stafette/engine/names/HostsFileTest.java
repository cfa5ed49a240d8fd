// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.engine.config.syntax.IpText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostsFileTest {
    private static @Nullable String name(HostsFile file, String address) {
        return file.nameOf(Objects.requireNonNull(IpText.parse(address)));
    }

    @Test
    void hasTheFirstNameOfTheFirstLine() {
        HostsFile file = HostsFile.of(List.of(
                "# 192.0.2.6 no.test",
                "192.0.2.7\tHost.Test  alias # 192.0.2.8",
                "192.0.2.7 later.test",
                "192.0.2.9 host.test",
                "2001:db8::7 host.test",
                "192.0.2.10",
                "x y"));
        assertEquals("host.test", name(file, "192.0.2.7"));
        assertEquals("host.test", name(file, "2001:db8::7"));
        assertNull(name(file, "192.0.2.6"));
        assertNull(name(file, "192.0.2.10"));
        assertEquals(List.of("192.0.2.7", "192.0.2.9", "2001:db8::7"), file.addressesOf("HOST.test"));
        assertEquals(List.of("192.0.2.7"), file.addressesOf("alias"));
        assertEquals(List.of(), file.addressesOf("no.test"));
    }

    @Test
    void knowsLocalhostWithoutALine() {
        HostsFile empty = HostsFile.of(List.of());
        assertEquals("localhost", name(empty, "127.0.0.1"));
        assertEquals("localhost", name(empty, "::1"));
        assertNull(name(empty, "127.0.0.2"));
        assertEquals(List.of("127.0.0.1", "::1"), empty.addressesOf("localhost"));
        HostsFile named = HostsFile.of(List.of("127.0.0.1 box.test localhost"));
        assertEquals("box.test", name(named, "127.0.0.1"));
        assertEquals(List.of("127.0.0.1"), named.addressesOf("localhost"));
    }
}
