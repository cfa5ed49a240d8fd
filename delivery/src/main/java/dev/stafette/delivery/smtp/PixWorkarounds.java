// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done about a Cisco PIX firewall that reads SMTP along, and gets some of it wrong.
 * Thread: any (a value).
 */
public record PixWorkarounds(Set<Kind> kinds) {
    public static final PixWorkarounds NONE = new PixWorkarounds(Set.of());

    /** In the order in which Postfix logs them, and by its names. */
    public enum Kind {
        /** HELO in the place of EHLO. */
        DISABLE_ESMTP,
        /** The dot at the end of a message comes alone, after a while. */
        DELAY_DOTCRLF
    }

    /** Postfix's default. */
    public static final PixWorkarounds ALL = new PixWorkarounds(Set.of(Kind.values()));

    public PixWorkarounds {
        kinds = Set.copyOf(kinds);
    }

    boolean has(Kind kind) {
        return kinds.contains(kind);
    }

    private PixWorkarounds without(Kind kind) {
        return new PixWorkarounds(kinds.stream().filter(one -> one != kind).collect(Collectors.toUnmodifiableSet()));
    }

    /** A message that has come not long ago is tried without the wait. */
    PixWorkarounds atAge(long ageMs, Duration least) {
        return ageMs < least.toMillis() ? without(Kind.DELAY_DOTCRLF) : this;
    }

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** As Postfix names them in its log. */
    String text() {
        return kinds.stream()
                .sorted()
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }
}
