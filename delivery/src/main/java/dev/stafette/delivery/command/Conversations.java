// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.delivery.identity.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs that speak with a client, in whose name this process's identity can: what the client says is the program's
 * input, and what the program says, errors too, is the client's.
 * Thread: any; a conversation has two, the caller's and one for the client's words.
 */
public final class Conversations implements ConversationRunner, AutoCloseable {
    private static final int PIECE_BYTES = 8 << 10;
    private static final long IDLE_SECONDS = 10;

    private final Identity identity;
    private final ProgramStart programs;
    private final ScheduledThreadPoolExecutor clock;

    public Conversations(Identity identity) {
        this.identity = identity;
        this.programs = new ProgramStart(identity);
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "program-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void converse(CommandOrder order, SocketChannel client) throws IOException {
        String refusal = identity.refusal(order.user());
        if (refusal != null) {
            client.close();
            throw new IOException(refusal);
        }
        Process program;
        try {
            program = programs.startToTalk(order);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        ScheduledFuture<?> end =
                clock.schedule(() -> kill(program, order), order.timeLimit().toMillis(), TimeUnit.MILLISECONDS);
        Thread listening = new Thread(() -> listen(client, program), "program-input");
        listening.setDaemon(true);
        listening.start();
        try (InputStream said = program.getInputStream()) {
            speak(said, client);
        } finally {
            client.close();
        }
        try {
            program.waitFor();
            listening.join();
        } catch (InterruptedException e) {
            kill(program, order);
            Thread.currentThread().interrupt();
        } finally {
            end.cancel(false);
        }
    }

    private static void speak(InputStream said, SocketChannel client) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int count = said.read(piece); count > 0; count = said.read(piece)) {
                ByteBuffer bytes = ByteBuffer.wrap(piece, 0, count);
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            }
        } catch (IOException e) {
            // One of the two has gone, which the other gets to know.
            return;
        }
    }

    private static void listen(SocketChannel client, Process program) {
        byte[] piece = new byte[PIECE_BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        try (OutputStream heard = program.getOutputStream()) {
            while (client.read(bytes.clear()) > 0) {
                heard.write(piece, 0, bytes.position());
                heard.flush();
            }
        } catch (IOException e) {
            // As above.
            return;
        }
    }

    private void kill(Process program, CommandOrder order) {
        try {
            programs.kill(program, order.user());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
