// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.FakeServer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TestTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

@Timeout(20)
class TcpTableIT {
    private static final long TIMEOUT_MS = 5000;

    private static TcpTable table(FakeServer server) {
        return new TcpTable(
                "tcp:test",
                ServerAddress.parse("127.0.0.1:" + server.port(), -1),
                TIMEOUT_MS,
                TestTables.realTimeHost());
    }

    private static TableAnswer answerTo(FakeServer.Talk talk) throws IOException {
        try (FakeServer server = FakeServer.ofLines(talk)) {
            TcpTable table = table(server);
            TableAnswer answer = table.lookup("key", Inquiry.BLOCKING);
            table.close();
            return answer;
        }
    }

    @Test
    void encodesTheKeyAndDecodesTheResult() throws IOException {
        try (FakeServer server = FakeServer.ofLines(request -> "200 a%20result%25%C3%A9\n")) {
            TableAnswer answer = table(server).lookup("user name@exämple.com%", Inquiry.BLOCKING);
            assertEquals("FOUND a result%é", answer.toString());
            assertEquals("get user%20name@ex%C3%A4mple.com%25", server.requests.get(0));
        }
    }

    @Test
    void asksAsPostfixDoes(@TempDir Path directory) throws Exception {
        Postmap postmap = Postmap.find(directory, "tcp");
        if (postmap == null) {
            throw new TestAbortedException("Postfix is not installed");
        }
        try (FakeServer server = FakeServer.ofLines(request -> "200 a%20result%25\n")) {
            for (String key : List.of("User Name@ex%mple.com", "tab\tand=plus+", "é")) {
                String name = "127.0.0.1:" + server.port();
                TcpTable table = table(server);
                assertEquals(
                        postmap.query("tcp:" + name, key),
                        table.lookup(key, Inquiry.BLOCKING).toString());
                table.close();
                int count = server.requests.size();
                assertEquals(server.requests.get(count - 2), server.requests.get(count - 1));
            }
        }
    }

    @Test
    void tellsNotFoundFromFailure() throws IOException {
        assertEquals("NOT_FOUND", answerTo(request -> "500 no\n").toString());
        assertTrue(answerTo(request -> "400 try%20later\n").isUnavailable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"200\n", "300 what\n", "\n", "hello\n", "200 bad%2\n", "200 bad%zz\n"})
    void takesBadReplyForFailure(String reply) throws IOException {
        assertTrue(answerTo(request -> reply).isUnavailable());
    }

    @Test
    void takesReplyThatIsTooLongForFailure() throws IOException {
        TableAnswer answer = answerTo(request -> "200 " + "x".repeat(TcpTable.LINE_BYTES_MAX) + "\n");
        assertTrue(answer.isUnavailable());
    }

    @Test
    void takesReplyThatIsCutOffForFailure() throws IOException {
        assertTrue(answerTo(request -> null).isUnavailable());
        try (FakeServer server = new FakeServer(FakeServer::readLine, request -> "200 half")) {
            TcpTable table = new TcpTable(
                    "tcp:test", ServerAddress.parse("127.0.0.1:" + server.port(), -1), 200, TestTables.realTimeHost());
            TableAnswer answer = table.lookup("key", Inquiry.BLOCKING);
            assertTrue(answer.isUnavailable() && answer.why().contains("timed out"), answer.toString());
        }
    }

    @Test
    void asksAgainWhenTheServerHasClosedAnIdleConnection() throws IOException {
        try (FakeServer server = FakeServer.ofLines(request -> "200 x\n")) {
            TcpTable table = table(server);
            assertTrue(table.lookup("a", Inquiry.BLOCKING).isFound());
            assertTrue(table.lookup("b", Inquiry.BLOCKING).isFound());
            assertEquals(1, server.connections.get());
            server.dropConnections();
            assertTrue(table.lookup("c", Inquiry.BLOCKING).isFound());
            assertEquals(2, server.connections.get());
        }
    }

    @Test
    void leavesServerAloneThatFailed() throws IOException {
        FakeServer server = FakeServer.ofLines(request -> "200 x\n");
        TcpTable table = table(server);
        server.close();
        assertTrue(table.lookup("a", Inquiry.BLOCKING).why().contains("127.0.0.1:" + server.port()));
        assertTrue(table.lookup("a", Inquiry.BLOCKING).why().contains("not tried again yet"));
    }
}
