// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

/** What a server says to a client's request or response. Thread: any (values). */
public sealed interface AuthReply {
    /** @param text base64; the client has to answer it */
    record Challenge(String text) implements AuthReply {}

    /** @param user whom the client is from now on */
    record Accepted(String user) implements AuthReply {}

    /**
     * @param reason for client and log; empty: it is not said
     * @param user whom the client wanted to be; empty: unknown
     * @param isTemporary nobody can say whether the client is whom it says it is
     */
    record Rejected(String reason, String user, boolean isTemporary) implements AuthReply {}
}
