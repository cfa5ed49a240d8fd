// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EhloCapabilitiesTest {
    private static EhloCapabilities parse(String... lines) {
        return EhloCapabilities.parse(SmtpReply.ofLines(250, null, List.of(lines)));
    }

    @Test
    void knowsTheUsualKeywordsInAnyCase() {
        EhloCapabilities offered = parse(
                "mx.test at your service",
                "pipelining",
                "SIZE 10240000",
                "8BitMime",
                "DSN",
                "ENHANCEDSTATUSCODES",
                "CHUNKING",
                "SMTPUTF8",
                "STARTTLS",
                "AUTH PLAIN LOGIN",
                "AUTH=PLAIN SCRAM-SHA-256",
                "X-UNKNOWN 1 2 3");
        assertEquals(10_240_000, offered.sizeLimitBytes());
        assertEquals(List.of("PLAIN", "LOGIN", "SCRAM-SHA-256"), offered.authMechanisms());
        for (int bit = EhloCapabilities.PIPELINING; bit <= EhloCapabilities.AUTH; bit <<= 1) {
            assertEquals(bit != EhloCapabilities.BINARY_MIME, offered.has(bit), "bit " + bit);
        }
    }

    @Test
    void takesNoKeywordFromTheFirstLine() {
        assertFalse(parse("PIPELINING").has(EhloCapabilities.PIPELINING));
    }

    @Test
    void takesAMissingOrBrokenLimitForNone() {
        for (String line :
                List.of("SIZE", "SIZE ", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999", "SIZE 1k")) {
            EhloCapabilities offered = parse("mx.test", line);
            assertTrue(offered.has(EhloCapabilities.SIZE), line);
            assertEquals(0, offered.sizeLimitBytes(), line);
        }
    }
}
