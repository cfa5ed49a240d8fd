// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.auth;

import java.util.List;

/** What is known for a server. Thread: any (values). */
public sealed interface CredentialAnswer {
    /** Nothing: the session does without. */
    record Nobody() implements CredentialAnswer {}

    /** It cannot be told now. */
    record Unavailable() implements CredentialAnswer {}

    /**
     * @param mechanisms of those offered, the ones that may be used
     */
    record Login(String user, String password, List<String> mechanisms) implements CredentialAnswer {
        @Override
        public String toString() {
            return "login of " + user;
        }
    }
}
