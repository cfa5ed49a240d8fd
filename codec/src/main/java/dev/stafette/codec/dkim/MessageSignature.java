// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * One DKIM-Signature field while it comes to be: what is to be signed first, and the field when that has been signed.
 * Thread: any, one at a time.
 *
 * <pre>
 * DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.test; s=mail;
 *     t=1700000000; h=From:To:Subject:From;
 *     bh=…;
 *     b=…
 * </pre>
 */
public final class MessageSignature {
    public static final String FIELD = "DKIM-Signature";

    private static final int LINE_MAX = 76;
    private static final String FOLD = "\r\n\t";

    private final String unsigned;
    private final byte[] signedBytes;

    private MessageSignature(String unsigned, byte[] signedBytes) {
        this.unsigned = unsigned;
        this.signedBytes = signedBytes;
    }

    public static MessageSignature of(SignedHeader header, SignatureTags tags, byte[] bodyHash) {
        String unsigned = unsigned(header, tags, bodyHash);
        return new MessageSignature(unsigned, header.with(unsigned));
    }

    private static String unsigned(SignedHeader header, SignatureTags tags, byte[] bodyHash) {
        Folded text = new Folded(FIELD + ":");
        text.tag("v=1");
        text.tag("a=" + tags.algorithm().word());
        text.tag("c=" + header.form().word() + "/" + tags.body().word());
        text.tag("d=" + tags.domain());
        text.tag("s=" + tags.selector());
        text.tag("t=" + tags.signedS());
        if (tags.expiresS() > 0) {
            text.tag("x=" + tags.expiresS());
        }
        text.list("h=", header.names());
        text.tag("bh=" + Base64.getEncoder().encodeToString(bodyHash));
        return text.end("b=");
    }

    /** Of the header, and this field without a signature. */
    public byte[] signedBytes() {
        return signedBytes;
    }

    /** Writes the field, with its line end. */
    public void write(byte[] signature, ByteBuf out) {
        StringBuilder field = new StringBuilder(unsigned);
        String text = Base64.getEncoder().encodeToString(signature);
        int room = LINE_MAX - "\tb=".length();
        for (int from = 0; from < text.length(); from += room, room = LINE_MAX - 2) {
            if (from > 0) {
                field.append(FOLD).append(' ');
            }
            field.append(text, from, Math.min(text.length(), from + room));
        }
        // In one piece: Netty takes a builder's characters one by one.
        out.writeBytes(field.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Text that is folded between tags, and within a list. */
    private static final class Folded {
        private final StringBuilder text;
        private int lineLength;

        Folded(String start) {
            text = new StringBuilder(start);
            lineLength = start.length();
        }

        void tag(String tag) {
            piece(" ", tag + ";");
        }

        private void piece(String space, String piece) {
            if (lineLength + space.length() + piece.length() > LINE_MAX) {
                text.append(FOLD);
                lineLength = 1;
            } else {
                text.append(space);
                lineLength += space.length();
            }
            text.append(piece);
            lineLength += piece.length();
        }

        void list(String name, List<String> words) {
            for (int i = 0; i < words.size(); i++) {
                String word = (i == 0 ? name : "") + words.get(i) + (i + 1 < words.size() ? ":" : ";");
                piece(i == 0 ? " " : "", word);
            }
        }

        /** On a line of its own, so that what comes behind it does not depend on what was before. */
        String end(String tag) {
            return text.append(FOLD).append(tag).toString();
        }
    }
}
