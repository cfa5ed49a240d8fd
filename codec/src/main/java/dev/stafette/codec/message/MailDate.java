// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Prints a date as mail headers have it (RFC 5322 §3.3), in the shape Postfix gives it:
 * {@code Thu,  1 Jan 1970 00:00:00 +0000 (UTC)}.
 * Thread: its owner's; it keeps the text of the last second.
 */
public final class MailDate {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final ZoneId zone;
    private final TimeZone namedZone;

    // Owned by the owner.
    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    public MailDate(ZoneId zone) {
        this.zone = zone;
        this.namedZone = TimeZone.getTimeZone(zone);
    }

    /** Writes the date without a line end. */
    public void write(long epochMs, ByteBuf out) {
        out.writeBytes(bytes(epochMs));
    }

    public String text(long epochMs) {
        return new String(bytes(epochMs), StandardCharsets.US_ASCII);
    }

    private byte[] bytes(long epochMs) {
        long epochSecond = Math.floorDiv(epochMs, 1000L);
        if (epochSecond != second) {
            second = epochSecond;
            text = format(Instant.ofEpochSecond(epochSecond)).getBytes(StandardCharsets.US_ASCII);
        }
        return text;
    }

    private String format(Instant instant) {
        ZonedDateTime date = instant.atZone(zone);
        boolean summer = zone.getRules().isDaylightSavings(instant);
        int offsetMinutes = date.getOffset().getTotalSeconds() / 60;
        StringBuilder out = new StringBuilder(48)
                .append(DAYS[date.getDayOfWeek().ordinal()])
                .append(", ")
                .append(date.getDayOfMonth() < 10 ? " " : "")
                .append(date.getDayOfMonth())
                .append(' ')
                .append(MONTHS[date.getMonthValue() - 1])
                .append(' ')
                .append(date.getYear())
                .append(' ');
        appendTwo(out, date.getHour()).append(':');
        appendTwo(out, date.getMinute()).append(':');
        appendTwo(out, date.getSecond()).append(offsetMinutes < 0 ? " -" : " +");
        appendTwo(out, Math.abs(offsetMinutes) / 60);
        appendTwo(out, Math.abs(offsetMinutes) % 60);
        // Of the root locale, later releases of Java have only an offset to say.
        return out.append(" (")
                .append(namedZone.getDisplayName(summer, TimeZone.SHORT, Locale.US))
                .append(')')
                .toString();
    }

    private static StringBuilder appendTwo(StringBuilder out, int value) {
        return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
