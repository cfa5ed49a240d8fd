// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * Reads the content of a file of {@code maildrop/} that is known to be whole, in blocks of lines that end in LF.
 * Thread: pickup.
 */
final class ContentReader {
    private final RecordReader in;
    private boolean complete;

    /** {@code in} stands at the beginning of the file. */
    ContentReader(RecordReader in) throws IOException {
        this.in = in;
        int type = in.next();
        while (type >= 0 && type != SubmissionRecord.CONTENT) {
            type = in.next();
        }
    }

    /** Writes up to {@code bytesMax} and the rest of a record; false when the file is not what it was before. */
    boolean read(ByteBuf out, int bytesMax) throws IOException {
        while (!complete && out.readableBytes() < bytesMax) {
            int type = in.next();
            if (type == SubmissionRecord.LINE || type == SubmissionRecord.PIECE) {
                out.writeBytes(in.bytes(), 0, in.length());
                if (type == SubmissionRecord.LINE) {
                    out.writeByte('\n');
                }
            } else if (type == SubmissionRecord.EXTRACTED) {
                complete = true;
            } else {
                return false;
            }
        }
        return true;
    }

    boolean isComplete() {
        return complete;
    }
}
