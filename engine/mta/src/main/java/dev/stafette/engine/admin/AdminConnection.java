// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: reads its request, runs the command, writes the answer, closes.
 * Thread: admin, but for {@link #execute}.
 *
 * <pre>
 * READING    to ANSWERING: a whole line has come; to CLOSED: end of input, too long, silent
 * ANSWERING  to ENDING: done() or fail(); to CLOSED: the client has gone
 * ENDING     to CLOSED: everything is written
 * </pre>
 */
final class AdminConnection implements AdminAnswer {
    private static final int REQUEST_BYTES_MAX = 64 * 1024;

    /** Below this much unwritten the command is asked for more. */
    private static final int DRAINED_BYTES = 16 * 1024;

    private static final long REQUEST_TIMEOUT_NS = 30_000_000_000L;

    /** Somebody may read a listing through a pager. */
    private static final long ANSWER_TIMEOUT_NS = 900_000_000_000L;

    /** No user has it. */
    private static final String NOBODY_KNOWN = "";

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    private final AdminServer server;
    private final AdminCommands commands;
    private final SocketChannel channel;
    private final SelectionKey key;

    // Owned by the admin thread.
    private State state = State.READING;
    private ByteBuffer request = ByteBuffer.allocate(1024);
    private final Deque<ByteBuffer> unwritten = new ArrayDeque<>();
    private int unwrittenBytes;
    private @Nullable Runnable whenDrained;
    private long lastProgressNs;

    private enum State {
        READING,
        ANSWERING,
        ENDING,
        CLOSED
    }

    AdminConnection(AdminServer server, AdminCommands commands, SocketChannel channel, SelectionKey key, long nowNs) {
        this.server = server;
        this.commands = commands;
        this.channel = channel;
        this.key = key;
        this.lastProgressNs = nowNs;
    }

    void onReady() {
        try {
            if (key.isReadable()) {
                read();
            }
            if (state != State.CLOSED && key.isValid() && key.isWritable()) {
                write();
            }
        } catch (IOException e) {
            // The client has gone; whoever stops a listing half way does that.
            close();
        }
    }

    private void read() throws IOException {
        if (state != State.READING) {
            // Nothing more is expected. The end of input may be half a close; who has gone is seen when writing.
            if (channel.read(ByteBuffer.allocate(512)) < 0) {
                key.interestOpsAnd(~SelectionKey.OP_READ);
            }
            return;
        }
        if (!request.hasRemaining()) {
            if (request.capacity() == REQUEST_BYTES_MAX) {
                close();
                return;
            }
            ByteBuffer larger = ByteBuffer.allocate(Math.min(request.capacity() * 4, REQUEST_BYTES_MAX));
            request = larger.put(request.flip());
        }
        int from = request.position();
        if (channel.read(request) < 0) {
            close();
            return;
        }
        lastProgressNs = System.nanoTime();
        for (int i = from; i < request.position(); i++) {
            if (request.get(i) == '\n') {
                run(new String(request.array(), 0, i, StandardCharsets.UTF_8));
                return;
            }
        }
    }

    private void run(String line) {
        state = State.ANSWERING;
        request = ByteBuffer.allocate(0);
        JsonObject object = JsonObject.parse(line);
        if (object == null) {
            fail("no JSON object: " + line);
            return;
        }
        try {
            commands.run(object, this);
        } catch (RuntimeException e) {
            // A mistake of ours in one command must not end administration.
            LOG.error("admin command {}", object.text("command"), e);
            fail(e.toString());
        }
    }

    @Override
    public void line(JsonWriter json) {
        if (state != State.ANSWERING) {
            return;
        }
        byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
        unwritten.add(ByteBuffer.wrap(bytes));
        unwrittenBytes += bytes.length;
        wantWrite();
    }

    @Override
    public void whenDrained(Runnable next) {
        whenDrained = next;
        wantWrite();
    }

    @Override
    public void done() {
        end(new JsonWriter().beginObject().key("status").value("ok").endObject());
    }

    @Override
    public void fail(String reason) {
        end(new JsonWriter()
                .beginObject()
                .key("status")
                .value("error")
                .key("reason")
                .value(reason)
                .endObject());
    }

    private void end(JsonWriter last) {
        line(last);
        if (state == State.ANSWERING) {
            state = State.ENDING;
        }
    }

    private void wantWrite() {
        if (state != State.CLOSED && key.isValid()) {
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private void write() throws IOException {
        while (!unwritten.isEmpty()) {
            ByteBuffer first = unwritten.getFirst();
            int written = channel.write(first);
            unwrittenBytes -= written;
            if (written > 0) {
                lastProgressNs = System.nanoTime();
            }
            if (first.hasRemaining()) {
                break;
            }
            unwritten.removeFirst();
        }
        if (unwritten.isEmpty()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            if (state == State.ENDING) {
                close();
                return;
            }
        }
        Runnable next = whenDrained;
        if (next != null && unwrittenBytes < DRAINED_BYTES) {
            whenDrained = null;
            next.run();
        }
    }

    @Override
    public String caller() {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            return NOBODY_KNOWN;
        }
    }

    @Override
    public void execute(Runnable task) {
        server.execute(() -> runUnlessClosed(task));
    }

    @Override
    public void executeSoon(Runnable task) {
        server.executeSoon(task);
    }

    @Override
    public void executeLater(long delayMs, Runnable task) {
        server.executeLater(delayMs, () -> runUnlessClosed(task));
    }

    private void runUnlessClosed(Runnable task) {
        if (state != State.CLOSED) {
            task.run();
        }
    }

    void closeIfSilent(long nowNs) {
        long timeoutNs = state == State.READING ? REQUEST_TIMEOUT_NS : ANSWER_TIMEOUT_NS;
        if (nowNs - lastProgressNs > timeoutNs) {
            close();
        }
    }

    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        unwritten.clear();
        whenDrained = null;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing an admin connection", e);
        }
    }
}
