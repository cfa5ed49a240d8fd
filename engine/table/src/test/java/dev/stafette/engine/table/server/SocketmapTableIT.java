// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.FakeServer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TestTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

@Timeout(20)
class SocketmapTableIT {
    private static @Nullable String readNetstring(InputStream in) throws IOException {
        int length = 0;
        int b;
        while ((b = in.read()) != ':') {
            if (b < 0) {
                return null;
            }
            length = length * 10 + b - '0';
        }
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        assertEquals(',', in.read());
        return text;
    }

    private static String netstring(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + ":" + text + ",";
    }

    private static TableAnswer answerTo(FakeServer.Talk talk) throws IOException {
        try (FakeServer server = new FakeServer(SocketmapTableIT::readNetstring, talk)) {
            String name = "inet:127.0.0.1:" + server.port() + ":map";
            SocketmapTable table = SocketmapTable.open("socketmap:test", name, 2000, TestTables.realTimeHost());
            TableAnswer answer = table.lookup("schlüssel a", Inquiry.BLOCKING);
            table.close();
            return answer;
        }
    }

    @Test
    void asksForMapAndKey() throws IOException {
        assertEquals(
                "FOUND map schlüssel a!",
                answerTo(request -> netstring("OK " + request + "!")).toString());
    }

    @Test
    void asksAsPostfixDoes(@TempDir Path directory) throws Exception {
        Postmap postmap = Postmap.find(directory, "socketmap");
        if (postmap == null) {
            throw new TestAbortedException("Postfix is not installed");
        }
        try (FakeServer server =
                new FakeServer(SocketmapTableIT::readNetstring, request -> netstring("OK <" + request + ">"))) {
            for (String key : List.of("User Name@example.com", "a:b,c", "é")) {
                String name = "inet:127.0.0.1:" + server.port() + ":map";
                SocketmapTable table = SocketmapTable.open("socketmap:x", name, 2000, TestTables.realTimeHost());
                assertEquals(
                        postmap.query("socketmap:" + name, key),
                        table.lookup(key, Inquiry.BLOCKING).toString());
                table.close();
            }
        }
    }

    @Test
    void tellsNotFoundFromFailure() throws IOException {
        assertEquals("NOT_FOUND", answerTo(request -> netstring("NOTFOUND ")).toString());
        assertEquals("NOT_FOUND", answerTo(request -> netstring("NOTFOUND")).toString());
        for (String status : new String[] {"TEMP", "TIMEOUT", "PERM"}) {
            TableAnswer answer = answerTo(request -> netstring(status + " why"));
            assertTrue(answer.isUnavailable() && answer.why().endsWith(status + " why"), answer.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK x\n", "4:OK x;", ":OK,", "9999999:OK,", "100001:OK x", "-1:x,", "5:WHAT?,", "0:,"})
    void takesBadReplyForFailure(String reply) throws IOException {
        assertTrue(answerTo(request -> reply).isUnavailable());
    }

    @Test
    void takesReplyThatIsCutOffForFailure() throws IOException {
        assertTrue(answerTo(request -> null).isUnavailable());
        assertTrue(answerTo(request -> "10:OK half").isUnavailable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inet:host:25",
                "inet:25:map",
                "unix:path:map",
                "unix:/path",
                "host:25:map",
                "inet:h:0:map",
                "inet:h:1:"
            })
    void refusesNameThatIsNotServerAndMap(String name) {
        assertThrows(
                IllegalArgumentException.class,
                () -> SocketmapTable.open("socketmap:x", name, 1000, TestTables.realTimeHost()));
    }
}
