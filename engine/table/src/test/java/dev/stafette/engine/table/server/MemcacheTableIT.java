// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.FakeServer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class MemcacheTableIT {
    @TempDir
    Path directory;

    private Table table(FakeServer server, String more) {
        String text = "memcache = inet:127.0.0.1:" + server.port() + "\n" + more;
        return SourceFile.open(directory, "memcache", text);
    }

    private TableAnswer answerTo(FakeServer.Talk talk, String more) throws IOException {
        try (FakeServer server = FakeServer.ofLines(talk)) {
            Table table = table(server, more);
            TableAnswer answer = table.lookup("a@b", Inquiry.BLOCKING);
            table.close();
            return answer;
        }
    }

    @Test
    void readsTheValue() throws IOException {
        TableAnswer answer = answerTo(
                request -> "VALUE " + request.substring(4).strip() + " 0 7\r\nthe\r\nit\r\nEND\r\n",
                "key_format = k:%s");
        assertEquals("FOUND the\r\nit", answer.toString());
        assertEquals("NOT_FOUND", answerTo(request -> "END\r\n", "").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR\r\n",
                "SERVER_ERROR out of memory\r\n",
                "VALUE other 0 1\r\nx\r\nEND\r\n",
                "VALUE a@b 0 x\r\nx\r\nEND\r\n",
                "VALUE a@b 0 99999999\r\nx\r\nEND\r\n",
                "VALUE a@b 0 1\r\nxyz\r\nEND\r\n",
                "VALUE a@b 0 1\r\nx\r\nVALUE\r\n"
            })
    void takesBadReplyForFailure(String reply) throws IOException {
        assertTrue(answerTo(request -> reply, "max_try = 1").isUnavailable());
    }

    @Test
    void takesLongLineAndClosedConnectionForFailure() throws IOException {
        assertTrue(answerTo(request -> "x".repeat(2000) + "\r\n", "max_try = 1").isUnavailable());
        assertTrue(answerTo(request -> null, "max_try = 1").isUnavailable());
        assertTrue(answerTo(request -> "VALUE a@b 0 11\r\n01234567890\r\nEND\r\n", "data_size_limit = 10\nmax_try = 1")
                .isUnavailable());
    }

    @Test
    void asksNothingForKeyThatWouldBeAnotherCommand() throws IOException {
        try (FakeServer server = FakeServer.ofLines(request -> "END\r\n")) {
            Table table = table(server, "");
            for (String key : List.of("a b", "a\r\nflush_all", "")) {
                assertEquals("NOT_FOUND", table.lookup(key, Inquiry.BLOCKING).toString());
            }
            assertTrue(table.lookup("x".repeat(251), Inquiry.BLOCKING).isUnavailable());
            assertEquals(0, server.connections.get());
        }
    }

    @Test
    void triesAsOftenAsItMay() throws IOException {
        try (FakeServer server = FakeServer.ofLines(request -> null)) {
            Table table = table(server, "max_try = 2\nretry_pause = 1s\n");
            assertTrue(table.lookup("key", Inquiry.BLOCKING).isUnavailable());
            assertEquals(2, server.connections.get());
        }
    }
}
