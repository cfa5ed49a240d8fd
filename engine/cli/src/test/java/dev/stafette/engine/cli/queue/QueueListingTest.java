// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.admin.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The expected lines were printed by the postqueue of Postfix 3.7.11 from the same queue. */
class QueueListingTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final QueueListing listing =
            new QueueListing(new PrintStream(bytes, true, StandardCharsets.UTF_8), ZoneOffset.UTC);

    private void print(String json) {
        listing.print(Objects.requireNonNull(JsonObject.parse(json)));
    }

    private String printed() {
        listing.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsWhatPostfixPrints() {
        String refused = "\"delay_reason\": \"connect to y.example[192.0.2.1]:25: Connection refused\"";
        print("{\"queue_name\": \"deferred\", \"queue_id\": \"4Fx1y22bzBz1\", \"arrival_time\": 1700000000,"
                + " \"message_size\": 4096, \"forced_expire\": false, \"sender\": \"a@example.com\", \"recipients\": ["
                + "{\"address\": \"x@y.example\", " + refused + "}, {\"address\": \"z@y.example\", " + refused + "},"
                + " {\"address\": \"w@y.example\"}, {\"address\": \"v@y.example\", \"delay_reason\": \"short\"},"
                + " {\"address\": \"u@y.example\", \"delay_reason\": \"" + "x".repeat(100) + "\"}]}");
        print("{\"queue_name\": \"active\", \"queue_id\": \"4Fx1y22bzBz2345678z1\", \"arrival_time\": 1701000000,"
                + " \"message_size\": 123456789012, \"forced_expire\": false, \"sender\": \"MAILER-DAEMON\","
                + " \"recipients\": [{\"address\": \"x@y.example\"}]}");
        print("{\"queue_name\": \"hold\", \"queue_id\": \"4Fx1y2bzz\", \"arrival_time\": 1701001000,"
                + " \"message_size\": 300, \"forced_expire\": true, \"sender\": \"\\\"q t\\\"@h\","
                + " \"recipients\": [{\"address\": \"p@y.example\", \"delay_reason\": \"a \\u0007\\\"\"}]}");
        print("{\"queue_name\": \"incoming\", \"queue_id\": \"4Fx1y2bzz\", \"arrival_time\": 1701001000,"
                + " \"message_size\": 100, \"forced_expire\": false, \"sender\": \"n@h\", \"recipients\": []}");
        assertEquals("""
                ----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------
                4Fx1y22bzBz1          4096 Tue Nov 14 22:13:20 a@example.com
                                      (connect to y.example[192.0.2.1]:25: Connection refused)
                                                               x@y.example
                                                               z@y.example
                                                                          (reason unavailable)
                                                               w@y.example
                                                                                       (short)
                                                               v@y.example
                (%s)
                                                               u@y.example

                4Fx1y22bzBz2345678z1* 123456789012 Sun Nov 26 12:00:00 MAILER-DAEMON
                                                               x@y.example

                4Fx1y2bzz!#            300 Sun Nov 26 12:16:40 "q t"@h
                                                                                        (a ?")
                                                               p@y.example

                4Fx1y2bzz              100 Sun Nov 26 12:16:40 n@h

                -- 120563274 Kbytes in 4 Requests.
                """.formatted("x".repeat(100)), printed());
    }

    @Test
    void saysThatThereIsNothing() {
        assertEquals("Mail queue is empty\n", printed());
    }

    @Test
    void countsOneRequestAsOne() {
        print("{\"queue_name\": \"active\", \"queue_id\": \"A\", \"arrival_time\": 1701475200, \"message_size\": 1023,"
                + " \"sender\": \"\", \"recipients\": []}");
        assertEquals("""
                ----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------
                A*                    1023 Sat Dec  2 00:00:00\s

                -- 0 Kbytes in 1 Request.
                """, printed());
    }
}
