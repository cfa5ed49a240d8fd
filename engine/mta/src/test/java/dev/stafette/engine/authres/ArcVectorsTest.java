// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Chains with one thing unusual or wrong in each, as RFC 8617 has it: the kinds of case that the public suite of ARC has, which
 * {@link ArcSuiteTest} runs where it is at hand. Most errors are signed and sealed correctly, so nothing but the rule itself
 * finds them.
 */
class ArcVectorsTest {
    private static final String MESSAGE = "Received: by a.test; Thu, 14 Jan 2015 15:00:00 -0800\r\n"
            + "From: Joe <joe@a.test>\r\nTo: x@b.test\r\nSubject:  a  b\t\r\nDate: Thu, 14 Jan 2015 15:00:01 -0800\r\n"
            + "To: y@b.test\r\n\r\nHello \t you \r\n\r\n";

    private final Map<String, TestSigner> keys = Map.of(
            // Short, as it signs a thousand times.
            "r", new TestSigner("RSA", 1024),
            "k2048", new TestSigner("RSA", 2048),
            "k512", new TestSigner("RSA", 512),
            "e", new TestSigner("Ed25519", 0));
    private final List<String> wrong = new ArrayList<>();
    private final Map<Integer, String> unchanged = new HashMap<>();
    private int count;

    private static final BinaryOperator<String> NOTHING = (part, text) -> text;

    /** The wire form of a message as it is at the end of so many hosts. */
    private String sealed(int hops, BinaryOperator<String> change) {
        String message = MESSAGE;
        ArcHop hop = new ArcHop(keys, change);
        for (int i = 1; i <= hops; i++) {
            message = hop.seal(message, i);
        }
        return message;
    }

    @Test
    void judgesAsTheRfcHasIt() throws IOException {
        try (VerifiedMail mail = VerifiedMail.ofMany()) {
            mail.configure("smtpd_authentication_methods = arc");
            keys.forEach((name, key) -> mail.zone.text(name + "._domainkey.hop.test", key.record()));
            mail.zone.text("r._domainkey.other.test", keys.get("r").record());
            mail.zone.text("revoked._domainkey.hop.test", "v=DKIM1; k=rsa; p=");
            mail.zone.text("junk._domainkey.hop.test", "v=DKIM1; k=rsa; p=YWJj");
            for (String line : lines()) {
                check(mail, line.split("\t", -1));
            }
        }

        assertEquals(List.of(), wrong);
        assertEquals(lines().size(), count);
    }

    private void check(VerifiedMail mail, String[] words) {
        String pattern = "(?s)" + words[4];
        String to = words[5].replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
        BinaryOperator<String> change = (part, text) -> part.equals(words[3]) ? text.replaceFirst(pattern, to) : text;
        int hops = Integer.parseInt(words[1]);
        String before = unchanged.computeIfAbsent(hops, count -> sealed(count, NOTHING));
        String message = words[2].equals("signed") ? sealed(hops, change) : before;
        if (words[2].equals("changed")) {
            message = message.replaceFirst(pattern, to);
        }
        count++;
        String result = VerifiedMail.results(mail.take(message + ".\r\n"));
        boolean isChanged = words[2].equals("-") || !message.equals(before);
        if (!isChanged || !result.startsWith("arc=" + words[0])) {
            wrong.add(String.join(" ", words) + ": " + (isChanged ? result : "nothing is changed"));
        }
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(ArcVectorsTest.class.getResourceAsStream("arc-vectors.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isEmpty())
                    .toList();
        }
    }
}
