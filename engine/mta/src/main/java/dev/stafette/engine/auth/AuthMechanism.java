// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.util.Set;

/** A way to log in that a server knows, such as {@code PLAIN} (RFC 4422 §3.1). Thread: any (a value). */
public record AuthMechanism(String name, Set<SecurityProperty> properties) {
    /** It is bound to the TLS session (RFC 5801 §4). */
    public boolean isBound() {
        return name.endsWith("-PLUS");
    }
}
