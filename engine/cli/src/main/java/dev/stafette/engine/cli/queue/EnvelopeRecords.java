// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.pickup.TraceFlags;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The envelope of a message as the records that Postfix would keep it in.
 * Thread: main.
 */
final class EnvelopeRecords {
    private static final int SIZE_FIELDS_LENGTH = 6 * 16 - 1;

    /** Years have four digits until then. */
    private static final int SECONDS_LENGTH_MAX = 11;

    private static final String ADDRESS_TYPE = "rfc822;";

    private static final List<String> BEFORE_SENDER = List.of("log_ident", "rewrite_context");

    private static final List<String> BEHIND_SENDER = List.of(
            "sasl_method",
            "sasl_username",
            "sasl_sender",
            "log_client_name",
            "log_client_address",
            "log_client_port",
            "log_helo_name",
            "log_protocol_name");

    private final JsonObject envelope;
    private final List<Record> records = new ArrayList<>();

    /** @param stored what the file has in place of what is shown; its length counts */
    private record Record(char type, String label, String text, String stored) {}

    EnvelopeRecords(JsonObject envelope) {
        this.envelope = envelope;
        add('T', "message_arrival_time", "arrival_time", false);
        add('A', "create_time", "create_time", true);
        String filter = envelope.text("content_filter");
        if (!filter.isEmpty()) {
            add('L', "content_filter", filter);
        }
        BEFORE_SENDER.forEach(this::attribute);
        attribute("envelope_id", envelope.text("envelope_id"));
        attribute("ret_flags", returnFlags(envelope.text("return")));
        add('S', "sender", envelope.text("sender"));
        attribute("encoding", envelope.flag("eight_bit") ? "8bit" : "");
        attribute("tls_demand", envelope.text("tls").toLowerCase(Locale.ROOT));
        BEHIND_SENDER.forEach(this::attribute);
        attribute(TraceFlags.ATTRIBUTE, traceFlags(envelope.text("trace")));
        String verp = envelope.text("verp");
        if (!verp.isEmpty()) {
            add('V', "verp_delimiters", verp);
        }
        envelope.objects("recipients").forEach(this::addRecipient);
    }

    private static String returnFlags(String what) {
        return switch (what) {
            case "FULL" -> "1";
            case "HDRS" -> "2";
            default -> "";
        };
    }

    private static String traceFlags(String mode) {
        return mode.isEmpty() ? "" : TraceFlags.value(TraceMode.valueOf(mode));
    }

    private void addRecipient(JsonObject recipient) {
        String original = recipient.text("original");
        attribute("notify_flags", recipient.number("notify") == 0 ? "" : Long.toString(recipient.number("notify")));
        attribute("dsn_orig_rcpt", original);
        String given = recipient.text("given");
        if (!given.isEmpty()) {
            add('O', "original_recipient", given);
        } else if (original.startsWith(ADDRESS_TYPE)) {
            add('O', "original_recipient", original.substring(ADDRESS_TYPE.length()));
        }
        if (recipient.flag("done")) {
            add('D', "done_recipient", recipient.text("address"));
        } else {
            add('R', "recipient", recipient.text("address"));
        }
    }

    private void add(char type, String label, String text) {
        records.add(new Record(type, label, text, text));
    }

    private void attribute(String name) {
        attribute(name, envelope.text(name));
    }

    private void attribute(String name, String value) {
        if (!value.isEmpty()) {
            add('A', "named_attribute", name + '=' + value);
        }
    }

    private void add(char type, String label, String member, boolean named) {
        long seconds = envelope.number(member);
        String text = time(seconds);
        records.add(new Record(type, label, text, named ? member + '=' + seconds : seconds + " 000000"));
    }

    private static String time(long epochSeconds) {
        var time = Instant.ofEpochSecond(epochSeconds).atZone(ZoneId.systemDefault());
        return QueueListing.time(time) + ' ' + time.getYear();
    }

    /** Of a time record: seconds, and micros behind a blank. What is no time stays as it is. */
    static String time(String stored) {
        int end = 0;
        while (end < stored.length() && end < SECONDS_LENGTH_MAX && Character.isDigit(stored.charAt(end))) {
            end++;
        }
        return end == 0 ? stored : time(Long.parseLong(stored.substring(0, end)));
    }

    void put(PrintedRecords out, boolean isShown) {
        long size = envelope.number("message_size");
        int contentsAt = PrintedRecords.sizeBytes(SIZE_FIELDS_LENGTH) + PrintedRecords.sizeBytes(0);
        for (Record one : records) {
            contentsAt += PrintedRecords.sizeBytes(one.stored().length());
        }
        long count = envelope.objects("recipients").size();
        long[] fields = {size, contentsAt, count, 0, size, envelope.flag("smtputf8") ? 1 : 0};
        StringBuilder text = new StringBuilder();
        for (long field : fields) {
            String number = Long.toString(field);
            text.append(text.length() == 0 ? "" : " ").append(" ".repeat(15 - Math.min(15, number.length())));
            text.append(number);
        }
        out.put('C', "message_size: ", text.toString(), SIZE_FIELDS_LENGTH, isShown);
        for (Record one : records) {
            out.put(one.type(), one.label() + ": ", one.text(), one.stored().length(), isShown);
        }
    }
}
