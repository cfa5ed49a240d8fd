// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who takes input next, where one who takes it hands over to another: as AUTH and STARTTLS will. */
class ConnectionTest {
    private final TestClient client = new TestClient(new KeptQueue(), "10.0.0.1", List.of());
    private final List<String> taken = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Connection connection = new Connection(
            new ConnectionListener() {
                @Override
                public void onReplied() {
                    events.add("replied");
                }

                @Override
                public void onTimeout() {
                    events.add("timeout");
                }

                @Override
                public void onLost() {
                    events.add("lost");
                }
            },
            client.service(),
            client.channel(),
            new InetSocketAddress("10.0.0.1", 40_000));

    @AfterEach
    void close() {
        connection.abort();
        client.close();
    }

    private void receive(String latin1) {
        ByteBuf segment = Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
        connection.onBytes(segment);
        segment.release();
    }

    /** Takes lines, and after each lets {@code then} decide who is next. */
    private Input lines(String name, Runnable then) {
        StringBuilder line = new StringBuilder();
        return in -> {
            while (in.isReadable()) {
                char c = (char) in.readByte();
                if (c == '\n') {
                    taken.add(name + " " + line.toString().strip());
                    line.setLength(0);
                    then.run();
                    return;
                }
                line.append(c);
            }
        };
    }

    @Test
    void handsOverInTheMiddleOfWhatWasRead() {
        Input commands = lines("command", () -> {
            if (taken.get(taken.size() - 1).endsWith("AUTH LOGIN")) {
                connection.setInput(lines("answer", () -> connection.setInput(lines("command", () -> {}))));
            }
        });
        connection.setInput(commands);
        receive("NOOP\r\nAUTH LOGIN\r\ndXN");
        receive("lcg==\r\nMAIL\r\nRCPT\r\n");
        assertEquals(
                List.of("command NOOP", "command AUTH LOGIN", "answer dXNlcg==", "command MAIL", "command RCPT"),
                taken);
    }

    @Test
    void keepsWhatNobodyTakesForWhoeverIsNext() {
        connection.setInput(lines("command", () -> connection.setInput(Input.NOBODY)));
        receive("STARTTLS\r\n\u0016\u0003");
        receive("\u0001more");
        assertEquals(List.of("command STARTTLS"), taken);
        assertEquals(7, connection.heldInput().readableBytes());
        connection.setInput(in -> taken.add("handshake " + in.readSlice(7).toString(StandardCharsets.ISO_8859_1)));
        connection.resume();
        assertEquals(List.of("command STARTTLS", "handshake \u0016\u0003\u0001more"), taken);
        assertFalse(connection.heldInput().isReadable());
    }

    @Test
    void readsNoMoreWhileInputIsStalledAndGoesOnAfterwards() {
        boolean[] stalled = {false};
        connection.setInput(new Input() {
            @Override
            public void take(ByteBuf in) {
                taken.add("content " + in.readSlice(2).toString(StandardCharsets.ISO_8859_1));
                stalled[0] = true;
            }

            @Override
            public boolean isReady() {
                return !stalled[0];
            }

            @Override
            public boolean isStalled() {
                return stalled[0];
            }
        });
        receive("abcd");
        assertEquals(List.of("content ab"), taken);
        assertFalse(client.channel().config().isAutoRead());
        stalled[0] = false;
        connection.resume();
        assertEquals(List.of("content ab", "content cd"), taken);
        stalled[0] = false;
        connection.resume();
        assertTrue(client.channel().config().isAutoRead());
    }

    @Test
    void tellsOfTheEndWhenAllThatCameIsTaken() {
        connection.setInput(Input.NOBODY);
        receive("QUIT\r\n");
        connection.onInputEnded();
        assertEquals(List.of(), events);
        connection.setInput(lines("command", () -> {}));
        connection.resume();
        assertEquals(List.of("command QUIT"), taken);
        assertEquals(List.of("lost"), events);
    }
}
