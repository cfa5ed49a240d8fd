// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/**
 * Whom a message's client had logged in as, for programs that get the message.
 * Thread: any (a value).
 *
 * @param method such as {@code PLAIN}; empty: nobody had, as with each of the others
 * @param user by whose name the client logged in
 * @param sender who the client said had sent it (RFC 4954 §5), which nobody needs to believe
 */
public record OriginLogin(String method, String user, String sender) {}
