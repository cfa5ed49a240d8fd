// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.Sections;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever stands in the files: warnings, or a refusal that names file and line, and never anything else. */
class ConfigurationFuzzTest {
    private static final long SEED = 20260102;
    private static final String[] PIECES = {
        " ",
        "  ",
        "\t",
        "\n",
        "\n ",
        "=",
        " = ",
        "#",
        "$",
        "${",
        "}",
        "{",
        "(",
        ")",
        "?",
        ":",
        "!",
        "/",
        ",",
        "-",
        "-o ",
        ".",
        "0",
        "7",
        "99999999999999999999",
        "5d",
        "1/concurrency",
        "yes",
        "all",
        "smtp",
        "inet",
        "unix",
        "n",
        "smtpd",
        "myhostname",
        "mynetworks",
        "relay_domains",
        "inet_interfaces",
        "127.0.0.1",
        "[::1]",
        "10.0.0.0/8",
        "::/0",
        "/etc/list",
        "<level",
        "==",
        "hash:/x",
        "é",
        "\u0000",
        "\r",
        "compatibility_level",
        "queue_directory"
    };

    private final Random random = new Random(SEED);

    private String text(int piecesMax) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(piecesMax); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    @Test
    void refusesOrWarnsWhateverItReads() {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : Parameters.table().all()) {
            names.add(parameter.name().replace("<transport>", "smtp"));
        }
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            String mainCf = names.get(random.nextInt(names.size())) + " = " + text(5) + "\n" + text(6);
            String masterCf = random.nextInt(4) > 0 ? "" : "smtp inet n - n - - smtpd " + text(8);
            try {
                FakeHost host = new FakeHost("mx").file("/etc/list", "a !b /etc/list 10.0.0.0/8");
                Configuration configuration = host.configuration(mainCf, masterCf);
                configuration.check(Sections::check);
                configuration.queueDirectory();
                accepted++;
            } catch (ConfigException e) {
                assertTrue(
                        String.valueOf(e.getMessage()).startsWith("/etc/stafette/"),
                        mainCf + masterCf + e.getMessage());
                refused++;
            }
        }
        assertTrue(accepted > 1_000 && refused > 1_000, accepted + " accepted, " + refused + " refused");
    }
}
