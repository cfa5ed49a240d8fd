// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import org.jspecify.annotations.Nullable;

/**
 * What came of TLS with one server, or of the way to it.
 * Thread: any (a value).
 *
 * @param host the server's name; empty where it came to none
 * @param address the server's; empty where it came to none
 * @param local our address; empty where there was no connection
 * @param failure null: all is as it should be
 * @param reason of a failure, printable; may be empty
 */
public record TlsEvent(
        ReportedPolicy policy,
        String host,
        String address,
        String local,
        @Nullable TlsFailure failure,
        String reason) {
    private static final int REASON_CHARS_MAX = 200;

    public TlsEvent {
        String plain = reason.replaceAll("[^ -~]", "?");
        reason = plain.length() > REASON_CHARS_MAX ? plain.substring(0, REASON_CHARS_MAX) : plain;
    }
}
