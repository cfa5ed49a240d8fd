// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Where the messages of a run go.
 * Thread: any.
 */
enum Scenario {
    /** All to one host ({@code relayhost}): how fast one destination's window lets a relay be. */
    ONE_SITE_MANY_MESSAGES("OneSiteManyMessages", false, false),
    /** In turn to many hosts, each a destination of its own. */
    MANY_SITES("ManySites", true, false),
    /** The same, and every second host answers each recipient with 450: half of the queue stays. */
    MANY_SITES_DEFERRED_HALF("ManySitesDeferredHalf", true, true);

    private final String text;
    private final boolean isManySites;
    private final boolean isHalfDeferred;

    Scenario(String text, boolean isManySites, boolean isHalfDeferred) {
        this.text = text;
        this.isManySites = isManySites;
        this.isHalfDeferred = isHalfDeferred;
    }

    static Scenario of(String text) {
        for (Scenario scenario : values()) {
            if (scenario.text.equalsIgnoreCase(text)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException(
                text + " (expected: " + Arrays.stream(values()).map(s -> s.text).toList() + ")");
    }

    String text() {
        return text;
    }

    boolean isManySites() {
        return isManySites;
    }

    /** How many of the sites defer; these come first. */
    int deferringSiteCount(int siteCount) {
        return isHalfDeferred ? siteCount / 2 : 0;
    }

    /** Of the recipients. Address literals need no DNS, and each is a site (RFC 5321 §4.1.3). */
    List<String> domains(int siteCount) {
        return isManySites
                ? IntStream.rangeClosed(1, siteCount)
                        .mapToObj(i -> "[" + siteAddress(i) + "]")
                        .toList()
                : List.of("dest.test");
    }

    /** Where a sink listens for them; the order is that of the C sink, too. */
    List<String> addresses(int siteCount) {
        return isManySites
                ? IntStream.rangeClosed(1, siteCount)
                        .mapToObj(Scenario::siteAddress)
                        .toList()
                : List.of("127.0.0.1");
    }

    private static String siteAddress(int site) {
        return String.format(Locale.ROOT, "127.1.%d.%d", site >> 8, site & 255);
    }

    /** What main.cf says about the way out. */
    List<String> mainCf(int sinkPort) {
        return isManySites ? List.of("smtp_tcp_port = " + sinkPort) : List.of("relayhost = [127.0.0.1]:" + sinkPort);
    }
}
