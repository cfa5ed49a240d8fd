// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.nio.file.Path;

/**
 * What a client has that speaks LMTP (RFC 2033).
 * Thread: any (a value).
 *
 * @param assumesFinal a server that offers no DSN is where mail stays ({@code lmtp_assume_final})
 * @param sockets the directory that names of sockets, as {@code unix:private/dovecot-lmtp}, are relative to
 */
public record LmtpSettings(boolean assumesFinal, Path sockets) {
    /** Stands in front of a next hop that is a socket. */
    static final String UNIX = "unix:";

    /** May stand in front of one that is a host. */
    private static final String INET = "inet:";

    /** Next hops as they are known to tables: without the word for the kind of address, as in Postfix. */
    static String destination(String nextHop) {
        return nextHop.startsWith(UNIX) || nextHop.startsWith(INET) ? nextHop.substring(INET.length()) : nextHop;
    }
}
