// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of {@code smtp-sink}: its envelope, and its content on the way to a dump.
 * Thread: event loop.
 */
final class SinkTransaction {
    /** A longer line is dumped in pieces. */
    private static final int LINE_BYTES_MAX = 8192;

    private static final int END_BYTES = 3;

    private final @Nullable SinkDump dump;
    private final String hostName;

    // Owned by the event loop.
    private @Nullable String sender;
    private final List<String> recipients = new ArrayList<>();
    private SinkDump.@Nullable Dumped file;
    private boolean isLineStart;

    /** Who sends, as the dump names him; {@code helo}: the arguments of his greeting, empty when there was none. */
    record Client(String address, String protocol, String helo) {}

    SinkTransaction(@Nullable SinkDump dump, String hostName) {
        this.dump = dump;
        this.hostName = hostName;
    }

    boolean hasSender() {
        return sender != null;
    }

    void setSender(String arguments) {
        sender = arguments;
    }

    int recipientCount() {
        return recipients.size();
    }

    void addRecipient(String arguments) {
        recipients.add(arguments);
    }

    /** The content follows. */
    void begin(Client client) throws IOException {
        isLineStart = true;
        if (dump == null) {
            return;
        }
        SinkDump.Dumped begun = dump.begin();
        file = begun;
        StringBuilder header = new StringBuilder();
        header.append("X-Client-Addr: ").append(client.address()).append('\n');
        header.append("X-Client-Proto: ").append(client.protocol()).append('\n');
        if (!client.helo().isEmpty()) {
            header.append("X-Helo-Args: ").append(client.helo()).append('\n');
        }
        header.append("X-Mail-Args: ").append(sender).append('\n');
        recipients.forEach(
                recipient -> header.append("X-Rcpt-Args: ").append(recipient).append('\n'));
        header.append("Received: from ")
                .append(client.helo().isEmpty() ? '[' + client.address() + ']' : client.helo())
                .append(" ([")
                .append(client.address())
                .append("])\n\tby ")
                .append(hostName)
                .append(" (smtp-sink) with ")
                .append(client.protocol())
                .append(" id ")
                .append(begun.id())
                .append(";\n\t")
                .append(SourceMessage.date())
                .append('\n');
        begun.write(header.toString());
    }

    /** Returns true when the end has been read; false when more bytes are wanted, and then some may be left unread. */
    boolean read(ByteBuf in) throws IOException {
        while (in.isReadable()) {
            int start = in.readerIndex();
            int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
            if (end < 0 && in.readableBytes() < LINE_BYTES_MAX) {
                return false;
            }
            int next = end < 0 ? in.writerIndex() : end + 1;
            if (isLineStart && in.getByte(start) == '.') {
                if (next - start == END_BYTES && in.getByte(start + 1) == '\r') {
                    in.readerIndex(next);
                    return true;
                }
                start++;
            }
            dump(in, start, next, end >= 0);
            isLineStart = end >= 0;
            in.readerIndex(next);
        }
        return false;
    }

    /** CRLF becomes LF. */
    private void dump(ByteBuf in, int start, int next, boolean isWhole) throws IOException {
        if (file == null) {
            return;
        }
        byte[] bytes = new byte[next - start];
        in.getBytes(start, bytes);
        int length = bytes.length;
        if (isWhole && length >= 2 && bytes[length - 2] == '\r') {
            bytes[length - 2] = '\n';
            length--;
        }
        file.write(bytes, length);
    }

    void finish() throws IOException {
        if (file != null) {
            file.finish();
            file = null;
        }
        reset();
    }

    /** Forgets all of it. */
    void abandon() {
        if (file != null) {
            try {
                file.abandon();
            } catch (IOException e) {
                // It is not wanted any more, and the next one says what is wrong with the disk.
                file = null;
            }
            file = null;
        }
        reset();
    }

    private void reset() {
        sender = null;
        recipients.clear();
    }
}
