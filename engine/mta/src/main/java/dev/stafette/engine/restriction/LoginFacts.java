// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * Who has logged in; policy servers are told.
 * Thread: any (a value).
 *
 * @param method such as {@code PLAIN}; empty: nobody has
 * @param user empty: nobody has
 * @param sender of the message, as MAIL has it in AUTH= (RFC 4954 §5), which nobody needs to believe; empty: not said
 */
public record LoginFacts(String method, String user, String sender) {
    public static final LoginFacts NONE = new LoginFacts("", "", "");

    private static final String ANONYMOUS = "anonymous";

    public boolean isLoggedIn() {
        return !user.isEmpty();
    }

    /** It is somebody, and not just anybody. */
    boolean isKnown() {
        return isLoggedIn() && !method.equalsIgnoreCase(ANONYMOUS);
    }
}
