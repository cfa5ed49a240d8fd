// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts that Postfix's programs find too short or too long: refused in their words, where the program has a row. */
class TextLengthsTest {
    private static final String ROWS = """
        smtp inet n - n - - smtpd
        other inet n - n - 1 postscreen
        smtpd pass - - n - - smtpd
        tlsproxy unix - - n - 0 tlsproxy
        smtp unix - - n - - smtp
        lmtp unix - - n - - lmtp
        local unix - n n - - local
        """;

    private static String refusal(String mainCf, String masterCf) {
        return String.valueOf(assertThrows(ConfigException.class, () -> FakeHost.check(mainCf, masterCf), mainCf)
                .getMessage());
    }

    @Test
    void refusesEachThatIsEmpty() {
        List<String> others = new ArrayList<>();
        int names = 0;
        for (String line : Parameters.resource("text-lengths.txt").split("\n")) {
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("[")) {
                continue;
            }
            String name = line.split(" ")[0];
            String said =
                    refusal("smtp_tls_security_level = may\nlmtp_tls_security_level = may\n" + name + " =\n", ROWS);
            String least = line.endsWith("2..2") ? "2" : "1";
            if (!said.matches(
                    "/etc/stafette/main.cf:3: bad string length \\(?0 < " + least + "\\)?: " + name + " = ")) {
                others.add(said);
            }
            names++;
        }
        assertEquals(List.of(), others);
        assertTrue(names > 150, "names: " + names);
    }

    @Test
    void sayOfTextsThatKeepTheirDollarsWhatPostfixSays() {
        assertEquals(
                "/etc/stafette/main.cf:1: bad string length (0 < 1): default_rbl_reply = ",
                refusal("default_rbl_reply =", ROWS));
    }

    @Test
    void knowsOneThatMayNotBeLong() {
        assertEquals(
                "/etc/stafette/main.cf:1: bad string length 3 > 2: default_verp_delimiters = +=-",
                refusal("default_verp_delimiters = +=-", ""));
    }

    @Test
    void looksAtWhatAValueComesTo() {
        assertEquals(
                "/etc/stafette/main.cf:2: bad string length 0 < 1: myorigin = ",
                refusal("nothing =\nmyorigin = $nothing", ROWS));
    }

    @Test
    void looksAtRowsToo() {
        assertEquals(
                "/etc/stafette/master.cf:1: bad string length 0 < 1: smtpd_banner = ",
                refusal("", "smtp inet n - n - - smtpd -o smtpd_banner="));
        assertEquals(
                "/etc/stafette/master.cf:1: bad string length 0 < 1: syslog_name = ",
                refusal("", "flush unix n - n 1000? 0 flush -o syslog_name="));
    }

    @Test
    void letsTextsBeWhoseProgramsHaveNoRowOrDoNotReadThem() {
        assertEquals(List.of(), FakeHost.check("smtp_helo_name =\nmailbox_delivery_lock =\n", ""));
        assertEquals(List.of(), FakeHost.check("", "flush unix n - n 1000? 0 flush -o smtpd_banner="));
        assertEquals(List.of(), FakeHost.check("tls_low_cipherlist =", "smtp unix - - n - - smtp"));
    }
}
