// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.pickup.RecordWriter;
import dev.stafette.engine.pickup.SubmissionRecord;
import java.io.IOException;

/**
 * The content of one message that comes in chunks (RFC 3030 §2): lines may go on from one into the next.
 * Thread: main.
 */
final class ChunkedContent {
    private final RecordWriter out;
    private final byte[] line;
    private int length;
    private long bytes;
    private long contentBytes;

    /** {@code pieceBytes}: of a line that goes on for longer. */
    ChunkedContent(RecordWriter out, int pieceBytes) {
        this.out = out;
        this.line = new byte[pieceBytes];
    }

    /** Of all chunks. */
    long bytes() {
        return bytes;
    }

    /** As Postfix counts them: each line has two for its end. */
    long contentBytes() {
        return contentBytes;
    }

    /** False when the input ends before the chunk does. */
    boolean take(MessageInput in, long chunkBytes) throws IOException {
        byte[] part = new byte[(int) Math.min(chunkBytes, MessageInput.BUFFER_BYTES)];
        long left = chunkBytes;
        while (left > 0) {
            int count = in.read(part, (int) Math.min(left, part.length));
            if (count <= 0) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                put(part[i]);
            }
            left -= count;
        }
        bytes += chunkBytes;
        return true;
    }

    private void put(byte next) throws IOException {
        if (next == '\n') {
            endLine();
            return;
        }
        if (length == line.length) {
            out.put(SubmissionRecord.PIECE, line, 0, length);
            contentBytes += length;
            length = 0;
        }
        line[length++] = next;
    }

    private void endLine() throws IOException {
        while (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        out.put(SubmissionRecord.LINE, line, 0, length);
        contentBytes += length + 2;
        length = 0;
    }

    /** Behind the last chunk; a line that has no end gets one. */
    void end() throws IOException {
        if (length > 0) {
            endLine();
        }
        out.put(SubmissionRecord.EXTRACTED, "");
        out.put(SubmissionRecord.END, "");
    }
}
