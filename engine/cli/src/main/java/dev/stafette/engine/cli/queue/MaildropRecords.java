// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.pickup.RecordReader;
import dev.stafette.engine.pickup.SubmissionRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Prints a file of {@code maildrop/} as {@code postcat} does: it is made of Postfix's own records.
 * Thread: main.
 */
final class MaildropRecords {
    private final PrintedRecords out;
    private final String path;
    private final String letters;

    // Of the record that is printed.
    private boolean inContent;
    private boolean inBody;
    private boolean startsLine = true;

    /** {@code letters}: the flags that were given. */
    MaildropRecords(PrintedRecords out, String path, String letters) {
        this.out = out;
        this.path = path;
        this.letters = letters;
    }

    private boolean has(char letter) {
        return letters.indexOf(letter) >= 0;
    }

    /** False when something in the file is no record. */
    boolean print(AnswerLines answer) throws IOException {
        RecordReader in = new RecordReader(new Pieces(answer));
        int type = in.next();
        while (type >= 0) {
            print((char) type, Arrays.copyOf(in.bytes(), in.length()));
            type = in.next();
        }
        return type == RecordReader.NO_MORE;
    }

    private void print(char type, byte[] text) {
        switch (type) {
            case SubmissionRecord.CONTENT -> {
                inContent = true;
                out.separator(type, "MESSAGE CONTENTS", path, has('e'));
            }
            case SubmissionRecord.EXTRACTED -> {
                inContent = false;
                out.separator(type, "HEADER EXTRACTED", path, has('e'));
            }
            case SubmissionRecord.END -> out.separator(type, "MESSAGE FILE END", path, has('e'));
            default -> {
                if (inContent) {
                    printContent(type, text);
                } else {
                    printEnvelope(type, text);
                }
            }
        }
    }

    private void printEnvelope(char type, byte[] text) {
        String label = switch (type) {
            case SubmissionRecord.TIME -> "message_arrival_time: ";
            case SubmissionRecord.ATTRIBUTE -> "named_attribute: ";
            case SubmissionRecord.FULL_NAME -> "sender_fullname: ";
            case SubmissionRecord.SENDER -> "sender: ";
            case SubmissionRecord.RECIPIENT -> "recipient: ";
            case SubmissionRecord.ORIGINAL_RECIPIENT -> "original_recipient: ";
            case SubmissionRecord.VERP -> "verp_delimiters: ";
            default -> "unknown: ";
        };
        if (type == SubmissionRecord.TIME) {
            out.put(
                    type,
                    label,
                    EnvelopeRecords.time(new String(text, StandardCharsets.US_ASCII)),
                    text.length,
                    has('e'));
        } else {
            out.put(type, label, text, has('e'));
        }
    }

    /** The empty line between header and body belongs to the body. */
    private void printContent(char type, byte[] text) {
        boolean isWhole = type == SubmissionRecord.LINE;
        inBody |= startsLine && isWhole && text.length == 0;
        startsLine = isWhole;
        boolean isShown = has(inBody ? 'b' : 'h');
        if (isWhole || has('v')) {
            String label = isWhole ? "regular_text: " : "unterminated_text: ";
            out.put(type, has('v') ? label : "", text, isShown);
        } else {
            out.putPiece(type, text, isShown);
        }
    }

    /** The file, which comes in pieces. */
    private static final class Pieces implements ReadableByteChannel {
        private final AnswerLines answer;
        private ByteBuffer piece = ByteBuffer.allocate(0);

        Pieces(AnswerLines answer) {
            this.answer = answer;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (!piece.hasRemaining()) {
                String line = answer.readLine();
                JsonObject next = line == null ? null : JsonObject.parse(line);
                if (next == null) {
                    return -1;
                }
                piece = ByteBuffer.wrap(Base64.getDecoder().decode(next.text("content")));
            }
            int count = Math.min(piece.remaining(), into.remaining());
            into.put(piece.slice(piece.position(), count));
            piece.position(piece.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The answer belongs to whoever asked.
        }
    }
}
