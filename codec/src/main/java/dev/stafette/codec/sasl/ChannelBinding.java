// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

/**
 * What ties a login to the TLS session that it goes over (RFC 5056, RFC 5929), so that nobody in between can pass it on.
 * Thread: any (a value).
 *
 * @param type such as {@code tls-server-end-point}
 */
public record ChannelBinding(String type, byte[] data) {
    /** RFC 5929 §4: the digest of the server's certificate. */
    public static final String SERVER_END_POINT = "tls-server-end-point";
}
