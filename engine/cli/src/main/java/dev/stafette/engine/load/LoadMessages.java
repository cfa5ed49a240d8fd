// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the envelopes and contents of numbered messages.
 * Thread: any (it does not change).
 */
final class LoadMessages {
    /** The header that carries the sequence number; the sink looks for it. */
    static final String SEQUENCE_HEADER = "X-Seq: ";

    private static final byte[] MAIL = ascii("MAIL FROM:<bounce@src.test>\r\n");
    private static final byte[] RCPT = ascii("RCPT TO:<");
    private static final byte[] DATA = ascii("DATA\r\n");
    private static final byte[] FROM_TO = ascii("From: <bounce@src.test>\r\nTo: <");
    private static final byte[] SUBJECT = ascii(">\r\nSubject: load ");
    private static final byte[] MESSAGE_ID = ascii("\r\nMessage-ID: <");
    private static final byte[] SEQUENCE = ascii("@src.test>\r\n" + SEQUENCE_HEADER);
    private static final byte[] DATE = ascii("\r\nDate: Tue, 24 Nov 2026 00:00:00 +0000\r\n\r\n");
    private static final byte[] END = ascii("\r\n.\r\n");
    private static final int TEXT_LINE_LENGTH = 76;

    private final byte[][] domains;
    private final byte[] runName;
    /** Lines of text, as long as a whole message. */
    private final byte[] text;

    private final int messageBytes;

    /** {@code runName}: makes Message-IDs unlike those of other runs. */
    LoadMessages(List<String> domains, int messageBytes, String runName) {
        this.domains = domains.stream().map(domain -> ascii("@" + domain)).toArray(byte[][]::new);
        this.runName = ascii("." + runName);
        this.messageBytes = messageBytes;
        this.text = new byte[messageBytes];
        for (int i = 0; i < messageBytes; i++) {
            int column = i % (TEXT_LINE_LENGTH + 2);
            text[i] = (byte) (column == TEXT_LINE_LENGTH ? '\r' : column > TEXT_LINE_LENGTH ? '\n' : 'a' + column % 26);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void writeMail(ByteBuf out) {
        out.writeBytes(MAIL);
    }

    void writeRcpt(ByteBuf out, long sequence) {
        out.writeBytes(RCPT);
        writeRecipient(out, sequence);
        out.writeByte('>').writeByte('\r').writeByte('\n');
    }

    void writeData(ByteBuf out) {
        out.writeBytes(DATA);
    }

    private void writeRecipient(ByteBuf out, long sequence) {
        out.writeByte('u');
        ByteBufUtil.writeAscii(out, Long.toString(sequence));
        out.writeBytes(domains[(int) (sequence % domains.length)]);
    }

    /** How much room {@link #writeContent} wants at most. */
    int contentBytesMax() {
        return messageBytes + 512;
    }

    /** The content and the dot that ends it. */
    void writeContent(ByteBuf out, long sequence) {
        int start = out.writerIndex();
        String number = Long.toString(sequence);
        out.writeBytes(FROM_TO);
        writeRecipient(out, sequence);
        out.writeBytes(SUBJECT);
        ByteBufUtil.writeAscii(out, number);
        out.writeBytes(MESSAGE_ID);
        ByteBufUtil.writeAscii(out, number);
        out.writeBytes(runName).writeBytes(SEQUENCE);
        ByteBufUtil.writeAscii(out, number);
        out.writeBytes(DATE);
        int textBytes = Math.max(0, messageBytes - 2 - (out.writerIndex() - start));
        // Never between CR and LF, and no empty line more than needed.
        while (textBytes > 0 && text[textBytes - 1] < ' ') {
            textBytes--;
        }
        out.writeBytes(text, 0, textBytes).writeBytes(END);
    }
}
