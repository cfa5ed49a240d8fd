// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.address.AddressList;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Collects the recipients that a header names, for {@code sendmail -t}: those of To, Cc and Bcc, or where there are any,
 * those of Resent-To, Resent-Cc and Resent-Bcc instead.
 * Thread: main.
 */
final class HeaderRecipients {
    private static final List<String> FIRST_SENT = List.of("to", "cc", "bcc");
    private static final List<String> RESENT = List.of("resent-to", "resent-cc", "resent-bcc");

    private final int valueBytesMax;
    private final int tokensMax;
    private final List<String> firstSent = new ArrayList<>();
    private final List<String> resent = new ArrayList<>();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private boolean isOver;

    /** Limits: header_size_limit and header_address_token_limit. */
    HeaderRecipients(int valueBytesMax, int tokensMax) {
        this.valueBytesMax = valueBytesMax;
        this.tokensMax = tokensMax;
    }

    /** The next line of the message, or a piece of one; false behind the header. */
    boolean add(byte[] line, int length, boolean startsLine) {
        if (isOver) {
            return false;
        }
        boolean continues = !startsLine || length > 0 && field.size() > 0 && (line[0] == ' ' || line[0] == '\t');
        if (!continues) {
            endField();
            isOver = !isField(line, length);
        }
        if (!isOver && field.size() < valueBytesMax) {
            field.write(line, 0, Math.min(length, valueBytesMax - field.size()));
        }
        return !isOver;
    }

    private static boolean isField(byte[] line, int length) {
        int i = 0;
        while (i < length && line[i] > ' ' && line[i] != ':' && line[i] != 0x7f) {
            i++;
        }
        int nameEnd = i;
        while (i < length && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return nameEnd > 0 && i < length && line[i] == ':';
    }

    private void endField() {
        String text = field.toString(StandardCharsets.UTF_8);
        field.reset();
        int colon = text.indexOf(':');
        if (colon < 0) {
            return;
        }
        String name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (FIRST_SENT.contains(name)) {
            collect(text.substring(colon + 1), firstSent);
        } else if (RESENT.contains(name)) {
            collect(text.substring(colon + 1), resent);
        }
    }

    private void collect(String value, List<String> into) {
        for (AddressList.Item item : AddressList.parse(value, tokensMax)) {
            into.add(item.address());
        }
    }

    /** Of the whole message, when it has been read. */
    List<String> all() {
        endField();
        isOver = true;
        return resent.isEmpty() ? firstSent : resent;
    }
}
