// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.JsonObject;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Prints the queue as {@code postqueue -p} of Postfix does with long queue ids, byte for byte.
 * Thread: main.
 *
 * <pre>
 * ----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------
 * 4Fx1y22bzBz1*         4096 Tue Nov 14 22:13:20 sender@example.com
 *                       (connect to mx.example[192.0.2.1]:25: Connection refused)
 *                                                recipient@example.com
 *
 * -- 4 Kbytes in 1 Request.
 * </pre>
 */
final class QueueListing {
    private static final int ID_WIDTH = 17;
    private static final int SIZE_WIDTH = 8;
    private static final int TIME_WIDTH = 19;
    private static final String HEADER = "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------";

    /** The text of a reason ends in this column, its brackets around it. */
    private static final int REASON_COLUMN = 76;

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final PrintStream out;

    /** The system's; looked for when the first message needs it. */
    private @Nullable ZoneId zone;

    private long messages;
    private long bytes;

    QueueListing(PrintStream out) {
        this.out = out;
    }

    QueueListing(PrintStream out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
    }

    void print(JsonObject message) {
        if (messages++ == 0) {
            out.println(HEADER);
        }
        long size = message.number("message_size");
        bytes += size;
        StringBuilder text = new StringBuilder(256);
        text.append(printable(message.text("queue_id")));
        switch (message.text("queue_name")) {
            case "active" -> text.append('*');
            case "hold" -> text.append('!');
            default -> {
                // The others have no mark.
            }
        }
        text.append(message.flag("forced_expire") ? "#" : "");
        pad(text, ID_WIDTH);
        text.append(' ');
        right(text, Long.toString(size), SIZE_WIDTH);
        text.append(' ');
        right(text, time(message.number("arrival_time")), TIME_WIDTH);
        text.append(' ').append(printable(message.text("sender"))).append('\n');
        String lastReason = "";
        for (JsonObject recipient : message.objects("recipients")) {
            String reason = printable(recipient.text("delay_reason"));
            if (!reason.equals(lastReason)) {
                String shown = reason.isEmpty() ? "reason unavailable" : reason;
                right(text, "", REASON_COLUMN - shown.length());
                text.append('(').append(shown).append(")\n");
                lastReason = reason;
            }
            right(text, "", ID_WIDTH + 1 + SIZE_WIDTH + 1 + TIME_WIDTH + 1);
            text.append(printable(recipient.text("address"))).append('\n');
        }
        out.println(text);
    }

    void end() {
        if (messages == 0) {
            out.println("Mail queue is empty");
        } else {
            out.println("-- " + bytes / 1024 + " Kbytes in " + messages + " Request" + (messages == 1 ? "." : "s."));
        }
    }

    /** As asctime(3), without the year: a formatter would cost a command some ten milliseconds. */
    private String time(long epochSeconds) {
        ZoneId local = zone;
        if (local == null) {
            local = ZoneId.systemDefault();
            zone = local;
        }
        return time(Instant.ofEpochSecond(epochSeconds).atZone(local));
    }

    static String time(ZonedDateTime time) {
        StringBuilder text = new StringBuilder(TIME_WIDTH);
        text.append(DAYS[time.getDayOfWeek().getValue() - 1]).append(' ');
        text.append(MONTHS[time.getMonthValue() - 1]).append(' ');
        right(text, Integer.toString(time.getDayOfMonth()), 2);
        text.append(' ');
        twoDigits(text, time.getHour());
        text.append(':');
        twoDigits(text, time.getMinute());
        text.append(':');
        twoDigits(text, time.getSecond());
        return text.toString();
    }

    private static void twoDigits(StringBuilder text, int value) {
        text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    private static void pad(StringBuilder text, int width) {
        while (text.length() < width) {
            text.append(' ');
        }
    }

    private static void right(StringBuilder text, String word, int width) {
        for (int i = word.length(); i < width; i++) {
            text.append(' ');
        }
        text.append(word);
    }

    /** What came from elsewhere must not steer a terminal. */
    private static String printable(String text) {
        int plain = 0;
        while (plain < text.length() && !isControl(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(isControl(c) ? '?' : c);
        }
        return safe.toString();
    }

    private static boolean isControl(char c) {
        return c < ' ' || c >= 0x7f && c < 0xa0;
    }
}
