// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortNamesTest {
    private static final String USUAL = "lmtp=24, smtp=25, smtps=submissions=465, submission=587";

    private int readCount;

    private final Host host = new Host() {
        @Override
        public String name() {
            return "mx";
        }

        @Override
        public List<OwnAddress> addresses() {
            return List.of();
        }

        @Override
        public List<InetAddress> resolve(String hostName) throws IOException {
            throw new IOException();
        }

        @Override
        public String read(Path file) {
            readCount++;
            assertEquals("/etc/services", file.toString());
            return "smtp 2525/tcp mail\n"
                    + "# ftp 1/tcp\n"
                    + "ftp\t21/tcp # files\n"
                    + "tftp 69/udp\n"
                    + "news 119/tcp nntp readnews\n"
                    + "broken";
        }

        @Override
        public long fileSystemBytes(Path directory) {
            return 0;
        }
    };

    @ParameterizedTest
    @CsvSource({
        "smtp, 25",
        "lmtp, 24",
        "smtps, 465",
        "submissions, 465",
        "submission, 587",
        "26, 26",
        "0, 0",
        "65535, 65535",
        "65536, -1",
        "99999999999, -1",
        "SMTP, -1",
        "'', -1",
        "-1, -1",
        "mail, 2525",
        "ftp, 21",
        "tftp, -1",
        "readnews, 119",
        "broken, -1"
    })
    void knowsThoseOfTheListAndThenThoseOfTheSystem(String name, int port) {
        assertEquals(port, PortNames.of(USUAL, host).portOf(name));
    }

    @Test
    void asksTheSystemOnceAndForWhatItDoesNotKnowOnly() {
        PortNames ports = PortNames.of(USUAL, host);
        ports.portOf("submission");
        assertEquals(0, readCount);
        ports.portOf("nosuch");
        ports.portOf("ftp");
        assertEquals(1, readCount);
    }

    @Test
    void leavesAllToTheSystemWhereTheListIsEmpty() {
        assertEquals(2525, PortNames.of("", host).portOf("smtp"));
        assertEquals(7, PortNames.of(" , a = b=7 ,", host).portOf("b"));
        assertEquals(-1, PortNames.NONE.portOf("smtp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"smtp", "smtp=", "=25", "smtp=x", "a==25", "25=26", "a b=25", "a=2 5", "a=70000", "a=1, a=2"})
    void saysWhatIsNoAssociation(String list) {
        assertThrows(ConfigException.class, () -> PortNames.of(list, host));
    }
}
